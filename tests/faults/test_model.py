"""Uploads, redeliveries, crashes, outages and reconciliations in any order, against what must come of them.

The parts are the function's own, on a real PostgreSQL and the emulated services; the test decides when a
worker dies: from then on none of its calls gets through.
"""

import asyncio
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from function.aws.delivery import Delivery
from function.aws.inventory import Inventory
from function.aws.source import S3Source
from function.domain.errors import TransientError
from function.domain.model import CsvObject, Deadline
from function.domain.report import Destinations
from function.operations import Operations
from function.pipeline import process
from function.pipeline.process import Pipeline
from function.postgres import claims
from function.postgres.claims import Claims
from function.postgres.database import Database
from function.postgres.register import Register
from function.postgres.versions import Versions
from local.stack import Stack
from tests.support import uploads

BODIES = {b"id,n\n1,2\n": 1, b"id,n\n1,2\n3,4\n": 2, b"": None, b'id,n\n1,"open\n' + b"2,b\n" * 9: None}
STEPS = (
    "claim", "get_object", "record", "put_object", "copy_object", "publish", "settle", "known", "unfinished",
)  # fmt: skip
LEASE = timedelta(seconds=0.3)


class Crash(BaseException):
    """The worker is gone."""


@dataclass
class Conditions:
    """What goes wrong next, at which call; once a worker is dead, nothing of it gets through."""

    step: str = ""
    kind: str = ""
    dead: bool = False
    struck: int = 0

    @property
    def may_lose_word(self) -> int:
        """How many messages may have been sent while the ledger cannot know."""
        return self.struck if self.step in ("put_object", "copy_object", "publish", "settle") else 0

    def _die_if(self, now: bool) -> None:
        self.dead = self.dead or now
        if self.dead:
            raise Crash

    @contextmanager
    def around(self, call: str) -> Iterator[None]:
        """Strike before or after the call, if it is the one."""
        struck = call == self.step and bool(self.kind)
        self.struck += struck
        self._die_if(struck and self.kind == "crash before")
        if struck and self.kind == "outage":
            raise ConnectionResetError(f"{call}: reset by the test")
        yield
        self._die_if(struck and self.kind == "crash after")
        if struck and self.kind == "answer lost":
            raise ConnectionResetError(f"{call}: answer lost by the test")


class Client:
    """An AWS client under the conditions."""

    def __init__(self, client: Any, conditions: Conditions):
        self._client, self._conditions = client, conditions

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(**arguments: Any) -> Any:
            with self._conditions.around(name):
                return getattr(self._client, name)(**arguments)

        return call


class Queries:
    """The claims, or the register, under the conditions."""

    def __init__(self, inner: Any, conditions: Conditions):
        self._inner, self._conditions = inner, conditions

    def __getattr__(self, name: str) -> Callable[..., Any]:
        async def call(*arguments: Any) -> Any:
            try:
                with self._conditions.around(name):
                    return await getattr(self._inner, name)(*arguments)
            except ConnectionResetError as error:
                raise TransientError(str(error)) from error

        return call


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
        line = Pipeline(
            source=S3Source(s3),
            claims=cast("Any", Queries(Claims(self.database), conditions)),
            delivery=Delivery(s3, cast("Any", Client(self.sns, conditions)), names.topic_arn),
            destinations=Destinations(names.output_bucket, names.backup_bucket),
        )
        register = cast("Any", Queries(Register(self.database), conditions))
        return line, Operations(line, register, Inventory(s3), Versions(self.database))

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


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """Of this module alone: reconciliation looks at whole buckets."""
    with Stack() as running:
        yield running


@pytest.mark.timeout(3600)
def test_in_any_order_of_events_every_upload_ends_as_it_must(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "LEASE", LEASE)
    monkeypatch.setattr(process, "_HELD_POLL_SECONDS", 0.02)
    World.stack = stack
    many = os.environ.get("FAULTS") == "all"
    run_state_machine_as_test(
        World,
        settings=settings(
            max_examples=200 if many else 8,
            stateful_step_count=20,
            deadline=None,
            derandomize=not many,
            phases=list(Phase) if many else [Phase.generate],  # to shrink an example takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
