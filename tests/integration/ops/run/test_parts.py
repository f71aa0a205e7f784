"""A large file in a batch: one bar over its parts, and the fault of its execution in the place of a verdict."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from local.stack import Stack
from ops.run import render
from ops.run.bar import NoBar
from ops.run.inputs import Input
from ops.run.runner import Report, runner
from tests.support import uploads

LARGE = uploads.large_table(6)


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack(concurrency=1, variables=uploads.IN_PARTS) as running:
        yield running


class Told(NoBar):
    """Keeps what a bar is told."""

    def __init__(self) -> None:
        self.read: list[tuple[int, int]] = []

    def parts(self, read: int, count: int) -> None:
        self.read.append((read, count))


def run(stack: Stack, file: Path, bar: NoBar) -> Report:
    async def one() -> Report:
        async with runner(stack) as running:
            return await running.run(Input(file, file.name), bar)

    return asyncio.run(one())


def test_a_bar_is_told_how_many_parts_are_read(stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    file.write_bytes(LARGE)
    told = Told()
    report = run(stack, file, told)
    assert report.succeeded
    assert told.read
    assert {count for _, count in told.read} == {7}
    assert told.read == sorted(told.read)


def test_an_execution_that_fails_ends_the_run_with_the_reason(stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "stopped.csv"
    file.write_bytes(LARGE)
    stopping = threading.Thread(target=stop_whatever_runs, args=(stack,))
    stopping.start()
    report = run(stack, file, NoBar())
    stopping.join()
    assert report.result is None
    assert report.record
    assert report.record["status"] == "processing"
    console = Console(width=200)
    with console.capture() as capture:
        console.print(render.verdict("stopped.csv", report))
    assert f"execution {report.record['execution']} ABORTED" in capture.get()
    assert "in the dead-letter queue" in capture.get()


def stop_whatever_runs(stack: Stack) -> None:
    client, machine = stack.client("stepfunctions"), stack.environment["STATE_MACHINE_ARN"]

    def found() -> str | None:
        running = client.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]
        return running[0]["executionArn"] if running else None

    client.stop_execution(executionArn=str(uploads.until(found, 30, "an execution")))
