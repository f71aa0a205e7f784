"""A reconciliation whose bucket, table and pipeline are kept in memory."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from function.domain.fanout import Progress
from function.domain.model import Deadline, Delivered, Document, Effect, Unfinished, Upload
from function.domain.outcome import Outcome
from function.pipeline.reconcile import Passes, ReconcileReport, Request
from tests.support.examples import OBJECT

NOW = datetime.now(UTC)
PLACES = {Effect.RESULT: ("out", "results/"), Effect.BACKUP: ("back", "backup/")}


@dataclass
class FakeInventory:
    uploads: list[Upload] = field(default_factory=list)
    there: list[str] = field(default_factory=list)

    async def versions(
        self, bucket: str, prefix: str, after: Document | None, limit: int
    ) -> tuple[list[Upload], Document | None]:
        return self.uploads, None

    async def keys(
        self, bucket: str, prefix: str, after: str, limit: int
    ) -> tuple[list[tuple[str, datetime]], bool]:
        keys = sorted(key for key in self.there if key > after)
        return [(key, NOW - timedelta(days=1)) for key in keys[:limit]], len(keys) > limit

    async def find(self, bucket: str, key: str, version_id: str | None) -> Upload | None:
        return OBJECT if version_id or key in self.there else None


@dataclass
class FakeRegister:
    claimed: list[str] = field(default_factory=list)
    left: list[Unfinished] = field(default_factory=list)

    async def known(self, bucket: str, versions: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        return set()

    async def unfinished(
        self, bucket: str, after: int, older_than: timedelta, limit: int
    ) -> list[Unfinished]:
        return [each for each in self.left if each.row > after]

    async def delivered(self, effect: Effect, after: str, limit: int) -> list[Delivered]:
        keys = sorted(key for key in self.claimed if key > after)
        return [Delivered(1, key, OBJECT) for key in keys[:limit]]

    async def reopen(self, row: int, effect: Effect) -> None:
        """Nothing to take back here."""


SUCCEEDED = Outcome(OBJECT, "succeeded")


def run(
    inventory: FakeInventory,
    register: FakeRegister,
    fault: Exception | None = None,
    outcome: Outcome = SUCCEEDED,
    *,
    progress: Progress | Exception = "running",
    dry_run: bool = False,
) -> ReconcileReport:
    async def process(upload: Upload, deadline: Deadline) -> Outcome:
        if fault and upload.key == "bad.csv":
            raise fault
        return outcome

    async def look_up(execution: str) -> Progress:
        if isinstance(progress, Exception):
            raise progress
        return progress

    request = Request("in", grace=timedelta(0), dry_run=dry_run)
    passes: Any = Passes(inventory, register, PLACES, process, look_up, request, Deadline(float("inf")))
    findings: ReconcileReport = asyncio.run(passes.run())
    return findings


def upload(key: str) -> Upload:
    """A day old."""
    return Upload("in", key, "v1", "", 1, NOW - timedelta(days=1))
