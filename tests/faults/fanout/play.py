"""One case of a large file: an event goes into a fault, the fault ends, and the file takes its way back."""

import time
from collections import Counter

from function.domain.model import CsvObject
from tests.faults.fanout.cases import INVOCATIONS, REQUESTS, STATEMENTS, WORKER
from tests.faults.harness import aws_faults
from tests.faults.harness.cases import KILLS, Case, Outage
from tests.faults.harness.faulty_stack import BUCKET, FaultyStack
from tests.faults.harness.http_proxy import Break
from tests.support import uploads

SECONDS = 240
_BEGINNINGS = ("begin", "before merge", "before finish")


class Play:
    """Runs a case once."""

    def __init__(self, faulty: FaultyStack, case: Case):
        self._house, self._case = faulty, case
        self._outage = Outage(faulty)
        self._raging = self._over = False
        self._attempts: Counter[str] = Counter()
        side = "after" if case.fault == "killed once served" else "before"
        self._moment = f"{side} {case.step}" if case.step in (*STATEMENTS, *INVOCATIONS) else None

    def run(self, obj: CsvObject) -> None:
        """Send the event, and return when the recovery of the file has begun."""
        stack = self._house.stack
        if self._case.step in REQUESTS:
            service, matches = REQUESTS[self._case.step]
            proxy = self._house.aws[service]
            proxy.matches, proxy.breaks = matches, self._break()
        self._house.heard = self._hear
        stack.send(uploads.event(obj))
        stack.settle(SECONDS)
        self._end()
        dead_letters = stack.dead_letters()
        if self._case.recovery == "retry":
            assert not dead_letters, dead_letters
        elif dead_letters:
            [dead_letter] = dead_letters
            ours = self._case.step in WORKER
            assert ("responsePayload" in dead_letter) is ours, dead_letter
            assert ours or dead_letter["detail"]["status"] == "FAILED"
            self._come_back()

    def _come_back(self) -> None:
        if self._case.recovery == "redrive":
            assert self._house.stack.redrive() == 1
        else:
            lose_dead_letters(self._house)
            uploads.until(lambda: reconciled(self._house), SECONDS, "nothing more to reconcile")

    def _break(self) -> Break:
        if self._case.fault not in KILLS:
            return aws_faults.FAULTS[self._case.fault]
        stack, ours = self._house.stack, self._case.step in WORKER
        served = self._case.fault == "killed once served"
        return aws_faults.kill(lambda: stack.workers if ours else stack.step_workers, served=served)

    def _hear(self, step: str) -> str | None:
        """Strike at the moment; a fault that a retry gets over ends with the first second attempt."""
        if step in _BEGINNINGS or step.startswith("before part "):
            self._attempts[step] += 1
            if self._case.recovery == "retry" and self._attempts[step] > 1:
                self._end()
        if step != self._moment or self._over:
            return None
        if self._case.fault in KILLS:
            return "die"
        if not self._raging:
            self._raging = True
            self._outage.begin(self._case.fault)
        return None

    def _end(self) -> None:
        self._over = True
        self._outage.end()
        for proxy in self._house.aws.values():
            if proxy.breaks:
                self._house.loop.run(proxy.heal())


def lose_dead_letters(faulty: FaultyStack) -> None:
    """Delete them: nobody hears of the failure, and an execution that ended holds the file's claim on."""
    faulty.stack.client("sqs").purge_queue(QueueUrl=faulty.stack.dead_letter_queue_url)


def reconciled(faulty: FaultyStack) -> bool:
    """Reconcile, as a schedule does; whether all is done."""
    answer = faulty.stack.operate({"operation": "reconcile", "bucket": BUCKET, "grace_seconds": 0})
    assert not answer.failed, answer.payload
    assert not answer.payload["stuck"], answer.payload
    (row,) = faulty.sql("SELECT count(*) FROM file_metadata WHERE finished_at IS NULL")
    done: bool = row["count"] == 0 and not answer.payload["without_row"]
    if not done:
        time.sleep(0.5)
    return done
