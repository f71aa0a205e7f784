"""Every fault at every step: the guarantees hold, and the table shows how the file was finished."""

import itertools
import os
import time
from collections.abc import Iterator

import pytest

from tests.faults.harness.cases import CASES, PARTS, PASSWORD, RECOVERIES, Case
from tests.faults.harness.faulty_stack import BUCKET, FaultyStack, faulty_stack
from tests.faults.harness.matrix_table import Line, lines
from tests.faults.harness.scenario import Scenario
from tests.support import uploads

GOOD = b"id,name\n" + b"".join(b"%d,name %d\n" % (n, n) for n in range(1000))
LARGE = b"id,name\n" + b"1,more than one copy takes\n" * 2000
BAD = b'id,name\n1,"never closed\n' + b"2,b\n" * 100
_numbers = itertools.count()


@pytest.fixture(scope="module")
def faulty() -> Iterator[FaultyStack]:
    with faulty_stack(concurrency=1, timeout=20.0, retry_delays=(0.05, 0.05)) as opened:
        opened.alter_role(f"PASSWORD '{PASSWORD}'")
        opened.change_secret(PASSWORD)
        yield opened


def chosen() -> list[Case]:
    """All cases, or every seventh fault at a step, each with another way back."""
    if os.environ.get("FAULTS") == "all":
        return CASES
    ways = len(RECOVERIES)
    return [CASES[ways * play + play % ways] for play in range(0, len(CASES) // ways, 7)]


@pytest.mark.parametrize("case", chosen(), ids=str)
def test_whatever_breaks_the_file_comes_home_once(faulty: FaultyStack, case: Case) -> None:
    number = next(_numbers)
    body, status, rows = (GOOD, "succeeded", 1000) if number % 2 else (BAD, "failed", None)
    if case.step in PARTS:
        body, status, rows = LARGE, "succeeded", 2000
    if case.step == "write page":  # only of a file in doubt
        body, status, rows = BAD, "failed", None
    obj = uploads.put(faulty.stack, f"{number}.csv", body, BUCKET)
    began = time.monotonic()
    faulty.steps.clear()
    Scenario(faulty, case).run(obj)
    traces = uploads.finished(faulty.stack, obj)
    lines.append(Line(case, faulty.steps.count("begin"), len(traces.messages), time.monotonic() - began))
    assert not faulty.stack.dead_letters()
    assert (len(traces.rows), len(traces.results), len(traces.backups)) == (1, 1, 1)
    assert (traces.row["status"], traces.result["status"]) == (status, status), traces.row["error_message"]
    assert rows is None or traces.row["row_count"] == rows
    assert traces.row["result"] == traces.result
    assert traces.row["claimed_until"] is None
    assert traces.body == body
    in_doubt = status == "failed" or bool((traces.result.get("series") or {}).get("remarks"))
    assert bool(uploads.page(faulty.stack, traces.result)) is in_doubt
    assert {each["attributes"]["status"] for each in traces.messages} == {status}
    assert 1 <= len(traces.messages) <= (4 if case.may_tell_twice else 1)
