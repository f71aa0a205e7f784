"""The steps of an execution that a test goes through, and what is left of them."""

import os

from function.domain.model import CsvObject
from tests.faults.fanout.guarantees import executions
from tests.faults.fanout.play import SECONDS
from tests.faults.harness.faulty_stack import FaultyStack
from tests.support import uploads


def some(all_of_them: tuple[str, ...], every: int) -> tuple[str, ...]:
    """All steps if that was asked for, else a few."""
    return all_of_them if os.environ.get("FAULTS") == "all" else all_of_them[every - 1 :: every]


def send(faulty: FaultyStack, obj: CsvObject) -> None:
    """Send the event of a file, and wait for what comes of it."""
    faulty.stack.send(uploads.event(obj))
    faulty.stack.settle(SECONDS)


def states(faulty: FaultyStack, obj: CsvObject) -> list[str]:
    """Of the file's executions, the earliest first."""
    return [each["status"] for each in executions(faulty, obj)][::-1]
