"""One case on the stage: an event goes into a fault, the fault ends, and the file takes its way back."""

import itertools
import time

from function.domain.model import CsvObject
from tests.faults.harness import aws_faults
from tests.faults.harness.cases import REQUESTS, STATEMENTS, Case, Outage, aws_break
from tests.faults.harness.faulty_stack import BUCKET, FaultyStack
from tests.support import uploads

OURS = {"TransientError", "SettingsError", "ExceptionGroup", "Runtime.ExitError"}


class Scenario:
    """Runs a case once."""

    def __init__(self, faulty: FaultyStack, case: Case):
        self._house, self._case = faulty, case
        self._outage = Outage(faulty)
        self._raging = False
        self._attempts = itertools.count(1)
        side = "after" if case.fault == "killed once served" else "before"
        self._moment = f"{side} {case.step}" if case.step in STATEMENTS else None

    def run(self, obj: CsvObject) -> None:
        """Send the event, and return when whatever brings the file home has begun to."""
        stack = self._house.stack
        self._prepare()
        stack.send(self._event(obj))
        stack.settle()
        self._end()
        dead_letters = stack.dead_letters()
        assert {dead_letter["responsePayload"]["errorType"] for dead_letter in dead_letters} <= OURS, (
            dead_letters
        )
        if self._case.recovery == "reconcile":
            self._forget()
            uploads.until(self._reconciled, 20, "nothing more to reconcile")
        elif dead_letters:
            stack.redrive()

    def _prepare(self) -> None:
        if self._case.step == "read secret":
            self._house.kill_workers()  # a new one has to read it
        if self._case.step in REQUESTS:
            service, matches = REQUESTS[self._case.step]
            proxy = self._house.aws[service]
            proxy.matches, proxy.breaks = matches, aws_break(self._house, self._case.fault)
        if self._case.step == "extend":  # only of a file that takes long to read
            proxy = self._house.aws["s3"]
            proxy.matches, proxy.breaks = REQUESTS["scan"][1], aws_faults.linger
        self._house.heard = self._hear

    def _hear(self, step: str) -> None:
        if step == "begin" and next(self._attempts) > 1 and self._case.recovery == "retry":
            self._end()
        elif step == self._moment and not self._raging:
            killed = "killed" in self._case.fault
            self._raging = not killed  # the next attempt is killed as well
            self._outage.begin("killed before" if killed else self._case.fault)

    def _end(self) -> None:
        self._house.heard = lambda _: None
        self._outage.end()
        for proxy in self._house.aws.values():
            self._house.loop.run(proxy.heal())

    def _event(self, obj: CsvObject) -> dict[str, object]:
        event = uploads.event(obj)
        if self._case.step == "pin":
            del event["Records"][0]["s3"]["object"]["versionId"]
        return event

    def _forget(self) -> None:
        """Lose the dead letters, too."""
        sqs = self._house.stack.client("sqs")
        sqs.purge_queue(QueueUrl=self._house.stack.dead_letter_queue_url)

    def _reconciled(self) -> bool:
        """Reconcile, as a schedule does; whether all is done. A lease of the dead has to run out first."""
        request = {"operation": "reconcile", "bucket": BUCKET, "grace_seconds": 0}
        answer = self._house.stack.operate(request)
        (row,) = self._house.sql("SELECT count(*) FROM file_metadata WHERE finished_at IS NULL")
        done: bool = row["count"] == 0 and not answer.failed and not answer.payload["without_row"]
        if not done:
            time.sleep(0.5)
        return done
