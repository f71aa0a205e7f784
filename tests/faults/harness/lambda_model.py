"""Lambda's asynchronous invocation, as far as a burst meets it.

An environment takes one event at a time; a new one starts cold, and none is kept from starting below the
concurrency that is admitted. An event that fails comes again after one minute, and after two more, then it is a
dead letter. An event that is throttled waits a second, then twice that, and so on up to five minutes ("How Lambda
handles errors and retries with asynchronous invocation", AWS Lambda Developer Guide), and is given up when it is
six hours old.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from function.domain.content import Scan
from function.domain.model import Claim, CsvObject, Deadline, Document, Effects, Receipt, Upload
from function.pipeline.process import Pipeline
from function.postgres.claims import Claims
from function.postgres.database import Database
from tests.faults.harness.clock import Clock
from tests.support.examples import OBJECT, SCAN, TO

COLD_SECONDS = 1.5
SCAN_SECONDS, DELIVERY_SECONDS = 0.25, 0.15
RETRIES = (60.0, 120.0)
AGE_SECONDS = 6 * 3600.0
TIMEOUT_SECONDS = 890.0  # of 900; the handler keeps ten back


@dataclass(slots=True)
class Figures:
    """What became of a burst; times in seconds of the model's clock."""

    files: int
    last_verdict: float = 0.0
    dead_letters: int = 0
    faults: int = 0
    attempts: int = 0
    refused: int = 0
    most_at_once: int = 0
    most_connections: int = 0
    billed: float = 0.0

    def document(self) -> dict[str, str]:
        """A row of the table."""
        return {
            "last verdict": f"{self.last_verdict:.1f} s",
            "dead letters": f"{self.dead_letters:,}",
            "faults": f"{self.faults:,}",
            "refused connections": f"{self.refused:,}",
            "connections made": f"{self.attempts - self.refused:,}",
            "most files at once": f"{self.most_at_once:,}",
            "most connections": f"{self.most_connections:,}",
            "billed": f"{self.billed:,.0f} s",
        }


@dataclass(frozen=True, slots=True)
class Admission:
    """How many events may be worked on at once.

    Attributes:
        most: the limit: the account's, or the one that is reserved.
        first: the limit at the beginning, None for `most`.
        more_each_second: by how much it grows from there.
        backs_off: whether an event that is turned away waits ever longer, and not in a queue.
    """

    most: int = 1000
    first: int | None = None
    more_each_second: float = 0.0
    backs_off: bool = False

    def at(self, seconds: float) -> int:
        """The limit at a time since the beginning."""
        if self.first is None:
            return self.most
        return min(self.most, int(self.first + self.more_each_second * seconds))


@dataclass(frozen=True)
class Source:
    """Reads nothing, in the time that reading takes."""

    clock: Clock

    async def pin(self, upload: Upload) -> CsvObject:
        assert isinstance(upload, CsvObject)
        return upload

    def open(self, obj: CsvObject) -> Self:
        return self

    async def current(self, bucket: str, key: str) -> CsvObject | None:
        return None

    async def plan(self, deadline: Deadline, part_bytes: int) -> None:
        return None

    async def scan(self, deadline: Deadline) -> Scan:
        await self.clock.sleep(SCAN_SECONDS)
        return SCAN

    async def aclose(self) -> None:
        pass


@dataclass(frozen=True)
class Delivery:
    """Delivers nothing, in the time that delivering takes."""

    clock: Clock

    async def deliver(self, claim: Claim, obj: CsvObject, result: Document) -> Receipt:
        await self.clock.sleep(DELIVERY_SECONDS)
        return Receipt(Effects(True, True, True))


class Environment:
    """One execution environment: its own connection, one event at a time."""

    def __init__(self, database: Database, clock: Clock):
        self.database = database
        self.pipeline = Pipeline(Source(clock), Claims(database), Delivery(clock), TO)
        self.cold = True


class Lambda:
    """The service: it has an environment for every event that is admitted."""

    def __init__(self, new: Callable[[], Environment], clock: Clock, figures: Figures, admission: Admission):
        self._new, self._clock, self._figures, self._admission = new, clock, figures, admission
        self._idle: list[Environment] = []
        self.working = 0

    async def event(self, obj: CsvObject) -> None:
        """Take one event to its end: a verdict, or the dead letters."""
        born = self._clock.now()
        for pause in (*RETRIES, None):
            if not await self._admitted(born):
                break
            try:
                await self._invoke(obj)
            except Exception as fault:  # as Lambda does: whatever was raised, the event comes again
                self._figures.faults += 1
                last = fault
            else:
                self._figures.last_verdict = max(self._figures.last_verdict, self._clock.now())
                return
            if pause:
                await self._clock.pause(pause)
        self._figures.dead_letters += 1
        if self._figures.dead_letters == 1:
            print(f"the first dead letter: {last}", file=sys.stderr)

    async def _admitted(self, born: float) -> bool:
        """Wait for a place, and take it; False once the event is too old."""
        wait = 1.0 if self._admission.backs_off else 0.02
        while self.working >= self._admission.at(self._clock.now()):
            if self._clock.now() - born > AGE_SECONDS:
                return False
            await self._clock.pause(random.uniform(wait / 2, wait))
            wait = min(2 * wait, 300.0) if self._admission.backs_off else wait
        self.working += 1
        self._figures.most_at_once = max(self._figures.most_at_once, self.working)
        return True

    async def _invoke(self, obj: CsvObject) -> None:
        environment = self._idle.pop(random.randrange(len(self._idle))) if self._idle else self._new()
        began = self._clock.now()
        try:
            if environment.cold:
                environment.cold = False
                await self._clock.sleep(COLD_SECONDS)
            deadline = Deadline(time.monotonic() + TIMEOUT_SECONDS / self._clock.rate)
            await environment.pipeline.process(obj, obj.version_id, deadline)
        finally:
            self.working -= 1
            self._figures.billed += self._clock.now() - began
            self._idle.append(environment)

    def close(self) -> None:
        """Let every environment go, and its connection with it."""
        for environment in self._idle:
            environment.database._drop()


def files(count: int) -> Iterator[CsvObject]:
    """So many uploads, each of a key of its own, a second apart."""
    day = datetime(2026, 3, 1, tzinfo=UTC)
    for number in range(count):
        name = f"{number:05}.csv"
        yield replace(OBJECT, key=name, version_id=name, uploaded_at=day + timedelta(seconds=number))
