"""Whatever ends the stack, nothing of it stays: no process, no file."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from local import platform
from local.errors import StackError
from tests.integration.support.process_table import left_behind, listening_addresses, living_in
from tests.integration.support.stacks import obedient_stack

LOOPBACK = "0100007F"
NOTHING: tuple[dict[int, str], list[str]] = ({}, [])
PROGRAM = """
import time
from tests.integration.support.stacks import obedient_stack
print("starting", flush=True)
with obedient_stack(timeout=60) as stack:
    stack.send({"do": "sleep", "seconds": 60})
    while not (stack.directory / "journal").exists():
        time.sleep(0.01)
    print("busy", flush=True)
    %s
"""


@contextmanager
def program(
    directory: Path, last_line: str = "time.sleep(60)", until: str = "busy"
) -> Iterator[subprocess.Popen[str]]:
    """A program with a stack whose worker is busy, leader of its own process group as under a terminal."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM % last_line],
        env={**os.environ, "TMPDIR": str(directory)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
        start_new_session=True,
    )
    with process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if line.strip() == until:
                    break
            yield process
            process.wait(20)
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_is_left_of_a_stack_whose_program_is_killed(tmp_path: Path, number: signal.Signals) -> None:
    with program(tmp_path) as process:
        alive = " ".join(living_in(tmp_path).values())
        assert all(part in alive for part in ("reaper", "postgres", "hypercorn", "awslambdaric"))
        process.send_signal(number)
    assert process.returncode == -number
    assert left_behind(tmp_path) == NOTHING


def test_nothing_is_left_after_control_c(tmp_path: Path) -> None:
    with program(tmp_path) as process:
        os.killpg(process.pid, signal.SIGINT)
        assert process.stderr is not None
        said = process.stderr.read()
    assert said.rstrip().endswith("KeyboardInterrupt")
    assert said.count("Traceback") == 1
    assert left_behind(tmp_path) == NOTHING


CARRY_ON = """try:
        print("ready", flush=True)
        time.sleep(60)
    except KeyboardInterrupt:
        assert not stack.invoke({}).failed
        assert len(stack.workers) == 2
        print("carried on")
"""


def test_control_c_reaches_the_program_alone_which_may_carry_on(tmp_path: Path) -> None:
    with program(tmp_path, CARRY_ON, until="ready") as process:
        os.killpg(process.pid, signal.SIGINT)
        said, complained = process.communicate(timeout=20)
    assert (said, complained) == ("carried on\n", "")
    assert left_behind(tmp_path) == NOTHING


def test_nothing_is_left_after_an_exception_which_is_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with pytest.raises(ValueError, match="mine"), obedient_stack():
        raise ValueError("mine")
    assert left_behind(tmp_path, seconds=0) == NOTHING


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("delay", [0.01, 0.4])
def test_nothing_is_left_when_the_end_comes_during_the_start(
    tmp_path: Path, delay: float, number: signal.Signals
) -> None:
    with program(tmp_path, until="starting") as process:
        time.sleep(delay)
        os.killpg(process.pid, number)
    assert left_behind(tmp_path) == NOTHING


def test_a_failed_start_leaves_nothing_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    def refuse(_: object) -> None:
        raise StackError("no resources today")

    monkeypatch.setattr("local.aws.resources.create", refuse)
    with pytest.raises(StackError, match="no resources today"), obedient_stack():
        pytest.fail("it must not start")
    assert left_behind(tmp_path) == NOTHING


def test_leaving_the_stack_is_quick_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with obedient_stack() as stack:
        stack.send({"do": "sleep", "seconds": 60})
        began = time.monotonic()
    assert time.monotonic() - began < 2
    assert left_behind(tmp_path, seconds=0) == NOTHING


def test_a_stack_whose_reaper_was_killed_tidies_up_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with obedient_stack() as stack:
        [reaper] = [pid for pid, command in living_in(tmp_path).items() if "reaper.py" in command]
        os.kill(reaper, signal.SIGKILL)
        assert not stack.invoke({}).failed
    assert left_behind(tmp_path) == NOTHING


def test_a_stack_whose_emulator_died_says_so_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    opened = ExitStack()
    opened.enter_context(obedient_stack())
    [emulator] = [pid for pid, command in living_in(tmp_path).items() if "hypercorn" in command]
    os.kill(emulator, signal.SIGKILL)
    while emulator in living_in(tmp_path):
        time.sleep(0.01)
    time.sleep(0.1)  # for the event queue to notice
    with pytest.raises(StackError, match="no longer reach"):
        opened.close()
    assert left_behind(tmp_path) == NOTHING


def test_everything_listens_on_loopback_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with obedient_stack() as stack:
        stack.invoke({})
        pids = [*living_in(tmp_path), os.getpid()]
        addresses = [address for pid in pids for address in listening_addresses(pid)]
    assert len(addresses) >= 3  # database, emulator, the worker's runtime API
    assert {address.split(":")[0] for address in addresses} == {LOOPBACK}


def test_two_stacks_live_side_by_side() -> None:
    with obedient_stack() as one, obedient_stack() as other:
        one.client("s3").put_object(Bucket=one.names.input_bucket, Key="mine.csv", Body=b"x")
        one.settle()
        other.settle()
        assert one.postgres.dsn != other.postgres.dsn
        assert (one.directory / "journal").exists()
        assert not (other.directory / "journal").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("system", "Darwin"), ("machine", "riscv64"), ("libc_ver", ("glibc", "2.31")), ("libc_ver", ("", ""))],
)
def test_an_unsupported_platform_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    monkeypatch.setattr(f"platform.{name}", lambda: value)
    with pytest.raises(StackError, match="glibc 2.34"):
        platform.require_supported()
