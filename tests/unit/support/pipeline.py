"""A pipeline whose source, claims and delivery are kept in memory."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self

from function.domain.content import Scan
from function.domain.fanout import Plan, Progress
from function.domain.model import (
    Claim,
    CsvObject,
    Deadline,
    Document,
    Effects,
    Finished,
    Held,
    Receipt,
    Upload,
)
from function.domain.outcome import Outcome
from function.pipeline.process import Pipeline
from tests.support.examples import CLAIM, OBJECT, SCAN, TO

ALL_DONE = Receipt(Effects(True, True, True))
NEVER = Deadline(float("inf"))


@dataclass
class FakeSource:
    found: Scan = SCAN
    seconds: float = 0
    fault: Exception | None = None
    story: list[str] = field(default_factory=list)
    planned: Plan | None = None
    part_bytes: int = 0

    async def pin(self, upload: Upload) -> CsvObject:
        return OBJECT

    def open(self, obj: CsvObject) -> Self:
        self.story.append("open")
        return self

    async def plan(self, deadline: Deadline, part_bytes: int) -> Plan | None:
        self.story.append("plan")
        self.part_bytes = part_bytes
        await asyncio.sleep(self.seconds)
        if self.fault:
            raise self.fault
        return self.planned

    async def scan(self, deadline: Deadline) -> Scan:
        self.story.append("scan")
        await asyncio.sleep(self.seconds)
        if self.fault:
            raise self.fault
        return self.found

    async def aclose(self) -> None:
        self.story.append("close")

    async def current(self, bucket: str, key: str) -> CsvObject | None:
        self.story.append("current")
        return replace(OBJECT, version_id="v2", uploaded_at=OBJECT.uploaded_at + timedelta(seconds=9))


@dataclass
class FakeClaims:
    answers: list[Claim | Held | Finished] = field(default_factory=lambda: [CLAIM])
    story: list[str] = field(default_factory=list)
    recorded: Document | None = None
    receipt: Receipt | None = None
    extend_fault: Exception | None = None
    identical_to: Document | None = None
    source: FakeSource | None = None
    patience: float | None = None
    other_past: list[list[Any]] = field(default_factory=list)
    summary: list[list[Any]] | None = None

    async def claim(
        self,
        obj: CsvObject,
        owner: str,
        received_at: datetime,
        patience: float,
        ended: str | None = None,
    ) -> Claim | Held | Finished:
        if self.source:
            self.source.story.append("claim")
        self.story.append("claim")
        self.patience = patience
        if ended:
            self.story.append(f"ended: {ended}")
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    async def extend(self, claim: Claim) -> None:
        self.story.append("extend")
        if self.extend_fault:
            raise self.extend_fault

    async def lend(self, claim: Claim, execution: str, lease: timedelta) -> None:
        self.story.append(f"lend to {execution}")

    async def past(self, claim: Claim, bucket: str, series: str) -> list[list[Any]]:
        self.story.append(f"past of {series}")
        return self.other_past

    async def record(self, claim: Claim, result: Document, summary: list[list[Any]] | None) -> Document:
        self.story.append("record")
        self.summary = summary
        self.recorded = {**result, "source": {**result["source"], "identical_to": self.identical_to}}
        return self.recorded

    async def settle(self, claim: Claim, receipt: Receipt, result: Document) -> None:
        self.story.append("settle")
        self.receipt = receipt


@dataclass
class FakeFanOut:
    """Executions that never do anything; it tells its story beside that of the claims."""

    claims: FakeClaims
    stage: Progress = "running"
    faults: dict[str, Exception] = field(default_factory=dict)

    async def prepare(self, name: str, obj: CsvObject, plan: Plan) -> None:
        self._tell("prepare", name)

    async def start(self, name: str) -> None:
        self._tell("start", name)

    async def progress(self, name: str) -> Progress:
        self._tell("progress", name)
        return self.stage

    def _tell(self, step: str, name: str) -> None:
        self.claims.story.append(f"{step} {name}")
        if step in self.faults:
            raise self.faults[step]


@dataclass
class FakeDelivery:
    claims: FakeClaims
    receipt: Receipt = ALL_DONE
    delivered: Document | None = None

    async def deliver(self, claim: Claim, obj: CsvObject, result: Document) -> Receipt:
        self.claims.story.append("deliver")
        self.delivered = result
        return self.receipt


def process(
    claims: FakeClaims, source: FakeSource | None = None, delivery: FakeDelivery | None = None
) -> Outcome:
    line = Pipeline(source or FakeSource(), claims, delivery or FakeDelivery(claims), TO)
    return asyncio.run(line.process(OBJECT, "request-1", NEVER))
