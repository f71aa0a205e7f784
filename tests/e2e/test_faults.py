"""What the function does while the world around it breaks."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from local.stack import Stack
from tests.support import uploads

SLOW = b"id,name,place\n" + b'%d,"two\nlines",somewhere else\n' * 2_000_000


@pytest.fixture
def stack() -> Iterator[Stack]:
    """A stack that a test may break."""
    with Stack(retry_delays=(0.5, 1.0)) as running:
        yield running


def test_a_worker_killed_in_the_middle_of_a_scan_is_followed_by_one_that_finishes(stack: Stack) -> None:
    obj = uploads.put(stack, "killed.csv", SLOW)
    claimed = lambda: uploads.rows(stack, obj)  # noqa: E731
    assert uploads.until(claimed, 30, "claimed")[0]["status"] == "processing"
    for pid in stack.workers:
        os.kill(pid, signal.SIGKILL)
    traces = uploads.finished(stack, obj)
    traces.assert_exactly_once("succeeded")
    assert traces.row["row_count"] == 2_000_000
    assert traces.row["attempts"] == 2
    assert not stack.dead_letters()


def test_a_file_that_outgrows_the_memory_has_a_verdict_and_not_a_dead_worker() -> None:
    """100 MB are less than the libraries take."""
    with Stack(variables={"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "100"}) as stack:
        traces = uploads.finished(stack, uploads.put(stack, "large.csv", SLOW))
        traces.assert_exactly_once("failed")
        assert traces.row["error_code"] == "too_large"
        assert "raise its memory" in traces.messages[0]["message"]


def test_files_that_come_while_the_database_is_away_are_all_there_when_it_is_back(stack: Stack) -> None:
    away = threading.Thread(target=_restart, args=(stack, 20.0))
    objects = []
    for number in range(50):
        if number == 10:
            away.start()
        objects.append(uploads.put(stack, f"burst/{number}.csv", b"n\n" + b"1\n" * number))
        time.sleep(0.02)
    away.join()
    stack.settle()
    stack.redrive()
    for number, obj in enumerate(objects):
        traces = uploads.finished(stack, obj)
        traces.assert_accounted_for("succeeded")
        assert traces.row["row_count"] == number
    assert not stack.dead_letters()


def _restart(stack: Stack, seconds: float) -> None:
    stack.postgres.stop()
    time.sleep(seconds)
    stack.postgres.start()
