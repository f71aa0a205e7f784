"""The reaper's own decisions: whom it ends, how, and whom it leaves alone."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.processes import reaper


@contextmanager
def sleeper(prelude: str = "pass") -> Iterator[subprocess.Popen[str]]:
    """A process of its own group that has done the prelude and now sleeps."""
    program = f"import signal, sys, time; {prelude}; print('ready', flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def run(tmp_path: Path, orders: str) -> None:
    subprocess.run(
        [sys.executable, reaper.__file__],
        input=orders,
        text=True,
        env={"TMPDIR": str(tmp_path)},
        check=True,
        timeout=10,
    )
    assert list(tmp_path.iterdir()) == []


def test_a_process_is_ended_with_the_signal_it_asked_for(tmp_path: Path) -> None:
    with sleeper("signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))") as process:
        run(tmp_path, f"SIGTERM {process.pid}\n")
        assert process.wait(5) == 7


def test_a_process_that_does_not_obey_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaper, "_SECONDS", 0.2)
    with sleeper("signal.signal(signal.SIGTERM, signal.SIG_IGN)") as process:
        reaper.end({process.pid: signal.SIGTERM})
        assert process.wait(5) == -signal.SIGKILL


def test_a_process_it_was_told_to_forget_lives_on(tmp_path: Path) -> None:
    with sleeper() as process:
        run(tmp_path, f"SIGKILL {process.pid}\nFORGET {process.pid}\n")
        time.sleep(0.1)
        assert process.poll() is None
