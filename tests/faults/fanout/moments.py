"""What a test does at a moment of a large file's way."""

from collections import Counter
from collections.abc import Callable

from function.domain.model import CsvObject
from tests.faults.fanout.guarantees import executions
from tests.faults.harness.faulty_stack import FaultyStack
from tests.support import uploads

Answer = str | None


class At:
    """Does something the first so many times that a step is announced; whoever announced it waits meanwhile.

    Args:
        step: see `worker`.
        do: its answer is what the worker does, see `announce`.
        times: how often.
    """

    def __init__(self, step: str, do: Callable[[], Answer], times: int = 1):
        self._step, self._do, self._times = step, do, times
        self.seen: Counter[str] = Counter()

    def __call__(self, step: str) -> Answer:
        self.seen[step] += 1
        return self._do() if step == self._step and self.seen[step] <= self._times else None


def die() -> Answer:
    """The process is killed."""
    return "die"


def stop(faulty: FaultyStack, obj: CsvObject) -> Answer:
    """Stop the file's execution, as an operator does; its invocations that are under way go on."""
    [running] = [each for each in executions(faulty, obj) if each["status"] == "RUNNING"]
    faulty.stack.client("stepfunctions").stop_execution(executionArn=running["executionArn"])
    uploads.until(faulty.stack.dead_letters, 10, "a dead letter")
    return None


def stop_and_redrive(faulty: FaultyStack, obj: CsvObject) -> Answer:
    """Stop the file's execution, and wait until another has taken its place."""
    stop(faulty, obj)
    assert faulty.stack.redrive() == 1
    uploads.until(lambda: _taken_over(faulty, obj), 30, "taken over")
    return None


def let_the_lease_end(faulty: FaultyStack, obj: CsvObject) -> Answer:
    """Let an hour pass, after which a reconciliation has another execution take the place of the file's."""
    faulty.sql("UPDATE file_metadata SET claimed_until = now() WHERE version_id = $1", obj.version_id)
    answer = faulty.stack.operate({"operation": "reconcile", "bucket": obj.bucket, "grace_seconds": 0})
    assert answer.payload["redriven"] == 1, answer.payload
    uploads.until(lambda: _taken_over(faulty, obj), 30, "taken over")
    return None


def _taken_over(faulty: FaultyStack, obj: CsvObject) -> bool:
    [row] = uploads.rows(faulty.stack, obj)
    return bool(row["finished_at"]) or len(executions(faulty, obj)) > 1
