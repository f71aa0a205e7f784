"""Uploads, redeliveries, crashes, outages and reconciliations: what can happen, and what must come of it."""

import asyncio
import time
import uuid
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, multiple, rule

from function.aws.delivery import Delivery
from function.aws.inventory import Inventory
from function.aws.source import S3Source
from function.domain.errors import TransientError
from function.domain.model import CsvObject, Deadline
from function.domain.report import Destinations
from function.operations import Operations
from function.pipeline.process import Pipeline
from function.postgres.claims import Claims
from function.postgres.contracts import Contracts
from function.postgres.database import Database
from function.postgres.register import Register
from function.postgres.series import SeriesRegister
from function.postgres.versions import Versions
from local.stack import Stack
from tests.faults.harness.conditions import STEPS, Client, Conditions, Crash, Queries
from tests.support import uploads

BODIES = {b"id,n\n1,2\n": 1, b"id,n\n1,2\n3,4\n": 2, b"": None, b'id,n\n1,"open\n' + b"2,b\n" * 9: None}
LEASE = timedelta(seconds=0.3)


@dataclass
class Event:
    """An S3 notification on its way, and the invocation that Lambda made of it."""

    obj: CsvObject
    owner: str = field(default_factory=lambda: str(uuid.uuid4()))
    attempts: int = 0


class World(RuleBasedStateMachine):
    """What users, S3, Lambda, the operator and bad luck can do."""

    stack: Stack
    events = Bundle("events")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.expected: dict[str, tuple[CsvObject, int | None]] = {}
        self.untold = 0  # how often a message may have left without the ledger's hearing of it
        self.bucket = f"model-{uuid.uuid4()}"

    @initialize()
    def begin(self) -> None:
        s3 = self.stack.client("s3")
        s3.create_bucket(Bucket=self.bucket)
        s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        vault = self.stack.client("secretsmanager")
        secret = vault.get_secret_value(SecretId=self.stack.names.database_secret_arn)["SecretString"]
        self.database = Database(lambda: secret, str(self.stack.postgres.ca_file))
        self.s3, self.sns = s3, self.stack.client("sns")

    def worker(self, conditions: Conditions) -> tuple[Pipeline, Operations]:
        names, s3 = self.stack.names, cast("Any", Client(self.s3, conditions))
        delivery = Delivery(s3, cast("Any", Client(self.sns, conditions)), names.topic_arn)
        line = Pipeline(
            source=S3Source(s3),
            claims=cast("Any", Queries(Claims(self.database), conditions)),
            delivery=delivery,
            destinations=Destinations(names.output_bucket, names.backup_bucket),
        )
        register = cast("Any", Queries(Register(self.database), conditions))
        parts = Contracts(self.database), SeriesRegister(self.database), delivery, Versions(self.database)
        return line, Operations(line, register, Inventory(s3), *parts)

    @rule(
        target=events,
        key=st.sampled_from("abc"),
        body=st.sampled_from(sorted(BODIES)),
        copies=st.integers(0, 2),
    )
    def upload(self, key: str, body: bytes, copies: int) -> Any:
        """S3 sends the event once, twice or, at its worst, not at all."""
        obj = uploads.put(self.stack, f"{self.bucket}/{key}.csv", body, self.bucket)
        self.expected[obj.version_id] = (obj, BODIES[body])
        return multiple(*(Event(obj) for _ in range(copies)))

    weathers = st.builds(
        Conditions,
        step=st.sampled_from(STEPS),
        kind=st.sampled_from(["", "", "outage", "answer lost", "crash before", "crash after"]),
    )

    @rule(target=events, event=consumes(events), conditions=weathers)
    def deliver(self, event: Event, conditions: Conditions) -> Any:
        """Lambda runs the function, and keeps the event if that fails."""
        return multiple(*self.runner.run(self.together([(event, conditions)])))

    @rule(target=events, one=consumes(events), other=consumes(events), conditions=weathers)
    def deliver_two_at_once(self, one: Event, other: Event, conditions: Conditions) -> Any:
        """On two workers, one of them under bad conditions."""
        return multiple(*self.runner.run(self.together([(one, conditions), (other, Conditions())])))

    async def together(self, runs: list[tuple[Event, Conditions]]) -> list[Event]:
        """The events that have to be tried once more, or are given up."""
        faults = await asyncio.gather(*(self.attempt(event, conditions) for event, conditions in runs))
        return [
            replace(event, attempts=event.attempts + 1)
            for (event, _), fault in zip(runs, faults, strict=True)
            if fault
        ]

    async def attempt(self, event: Event, conditions: Conditions) -> bool:
        line, _ = self.worker(conditions)
        try:
            await line.process(event.obj, event.owner, Deadline(float("inf")))
        except Crash:
            fault = True
        except (TransientError, ExceptionGroup):
            fault = True
        else:
            fault = False
        self.untold += conditions.may_lose_word
        return fault

    @rule(event=consumes(events))
    def lose(self, event: Event) -> None:
        """An event that was given up, and its dead letter deleted, as well as one that never came."""

    @rule(target=events, event=consumes(events))
    def redrive(self, event: Event) -> Event:
        """The operator sends what was given up: a new invocation."""
        return Event(event.obj)

    @rule(conditions=weathers)
    def reconcile(self, conditions: Conditions) -> None:
        """The schedule, under any conditions."""
        self.runner.run(self.reconciled(conditions))

    async def reconciled(self, conditions: Conditions) -> dict[str, Any]:
        """What it found; nothing if it was struck itself."""
        _, operations = self.worker(conditions)
        request = {"operation": "reconcile", "bucket": self.bucket, "grace_seconds": 0}
        try:
            return await operations.run(request, str(uuid.uuid4()), Deadline(float("inf")))
        except (Crash, TransientError):
            return {}
        finally:
            self.untold += conditions.may_lose_word

    def nothing_is_doubled_and_nothing_wrong_is_said(self) -> None:
        for obj, count in self.expected.values():
            traces = uploads.traces(self.stack, obj)
            assert max(len(traces.rows), len(traces.results), len(traces.backups)) <= 1
            status = "succeeded" if count is not None else "failed"
            said = [row["status"] for row in traces.rows if row["timestamp"]]
            said += [each["status"] for each in traces.results]
            assert {*said, *(each["attributes"]["status"] for each in traces.messages)} <= {status}
            if traces.results or traces.messages:
                assert traces.row["result"], "something was told before the record was safe"

    def teardown(self) -> None:
        """Without faults one reconciliation completes everything, and the next finds nothing."""
        try:
            if hasattr(self, "database"):
                self.nothing_is_doubled_and_nothing_wrong_is_said()
                self.come_home()
                self.runner.run(self.database.close())
        finally:
            self.runner.close()

    def come_home(self) -> None:
        time.sleep(LEASE.total_seconds())  # the claims of the dead run out
        first, second = (self.runner.run(self.reconciled(Conditions())) for _ in range(2))
        assert first["stuck"] == 0, first
        assert (second["found"], second["redriven"], second["samples"]) == (len(self.expected), 0, {})
        for obj, count in self.expected.values():
            traces = uploads.traces(self.stack, obj)
            assert (len(traces.rows), len(traces.results), len(traces.backups)) == (1, 1, 1)
            assert traces.row["row_count"] == count or count is None
            assert traces.row["finished_at"]
            assert 1 <= len(traces.messages) <= 1 + self.untold
