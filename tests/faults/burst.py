"""Many uploads within seconds, a Lambda that grows to meet them, and a PostgreSQL with few connections.

    python -m tests.faults.burst

The pipeline, its ledger and its connections are the function's own, on a real PostgreSQL over TLS. Lambda is
modelled: an environment takes one event at a time, a new one starts cold, none is kept from starting below the
account's concurrency, a failed event comes again after one minute and after two more, and then goes to the
dead letters. What a file costs beside the database (reading it, writing the result, the copy and the message) is
time that passes.
"""

import asyncio
import itertools
import random
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from function.content import Scan
from function.database import Database
from function.model import Claim, CsvObject, Deadline, Document, Effects, Receipt, Upload
from function.pipeline import Pipeline
from function.store import Store
from tests.unit.function.examples import OBJECT, SCAN, TO

COLD_SECONDS = 1.5
SCAN_SECONDS, DELIVERY_SECONDS = 0.25, 0.15
RETRIES = (60.0, 120.0)
TIMEOUT_SECONDS = 900.0
ACCOUNT_CONCURRENCY = 1000


@dataclass(slots=True)
class Figures:
    """What became of a burst; times in seconds of the model's clock."""

    files: int
    last_verdict: float = 0.0
    dead_letters: int = 0
    faults: int = 0
    refused: int = 0
    environments: int = 0
    most_at_once: int = 0
    most_connections: int = 0
    billed_seconds: float = 0.0


@dataclass
class Clock:
    """A clock that runs `rate` times as fast as the wall's."""

    rate: float = 1.0
    start: float = field(default_factory=time.monotonic)

    def now(self) -> float:
        return (time.monotonic() - self.start) * self.rate

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.rate)


@dataclass(frozen=True)
class Source:
    """Reads nothing, in the time that reading takes."""

    clock: Clock

    async def pin(self, upload: Upload) -> CsvObject:
        assert isinstance(upload, CsvObject)
        return upload

    async def scan(self, obj: CsvObject, deadline: Deadline) -> Scan:
        await self.clock.sleep(SCAN_SECONDS)
        return SCAN


@dataclass(frozen=True)
class Delivery:
    """Delivers nothing, in the time that delivering takes."""

    clock: Clock

    async def deliver(self, claim: Claim, obj: CsvObject, result: Document) -> Receipt:
        await self.clock.sleep(DELIVERY_SECONDS)
        return Receipt(Effects(True, True, True))


class Environment:
    """One execution environment: its own connection, one event at a time."""

    def __init__(self, secret: str, ca_file: str, clock: Clock):
        self.database = Database(lambda: secret, ca_file)
        self.pipeline = Pipeline(Source(clock), Store(self.database), Delivery(clock), TO)
        self.cold = True


class Lambda:
    """Lambda's asynchronous invocation, as far as it matters here."""

    def __init__(self, secret: str, ca_file: str, clock: Clock, figures: Figures, concurrency: int):
        self._new = lambda: Environment(secret, ca_file, clock)
        self._clock, self._figures = clock, figures
        self._idle: list[Environment] = []
        self._all: list[Environment] = []
        self._places = asyncio.Semaphore(concurrency)
        self._working = 0

    async def event(self, obj: CsvObject) -> None:
        """Take one event to its end: a verdict, or the dead letters."""
        request = obj.version_id
        for pause in (*RETRIES, None):
            try:
                await self._invoke(obj, request)
            except Exception as fault:  # as Lambda does: whatever was raised, the event comes again
                self._figures.faults += 1
                if pause is None:
                    self._figures.dead_letters += 1
                    print("dead letter:", fault, file=sys.stderr)
                else:
                    await self._clock.sleep(pause)
            else:
                self._figures.last_verdict = max(self._figures.last_verdict, self._clock.now())
                return

    async def _invoke(self, obj: CsvObject, request: str) -> None:
        async with self._places:
            environment = self._idle.pop() if self._idle else self._start()
            began = self._clock.now()
            self._working += 1
            self._figures.most_at_once = max(self._figures.most_at_once, self._working)
            try:
                if environment.cold:
                    environment.cold = False
                    await self._clock.sleep(COLD_SECONDS)
                deadline = Deadline(time.monotonic() + TIMEOUT_SECONDS / self._clock.rate)
                await environment.pipeline.process(obj, request, deadline)
            finally:
                self._working -= 1
                self._figures.billed_seconds += self._clock.now() - began
                self._idle.append(environment)

    def _start(self) -> Environment:
        environment = self._new()
        self._all.append(environment)
        self._figures.environments = len(self._all)
        return environment

    async def close(self) -> None:
        for environment in self._all:
            if environment.database._connection is not None:
                environment.database._connection.terminate()
