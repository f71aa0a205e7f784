import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from function.errors import DefectError, TransientError
from function.model import Delivered, Document, Effect, Outcome, Upload
from function.reconcile import Findings, Passes, Request
from tests.unit.function.examples import OBJECT

NOW = datetime.now(UTC)


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

    async def has(self, bucket: str, key: str) -> bool:
        return key in self.there


@dataclass
class FakeRegister:
    claimed: list[str] = field(default_factory=list)

    async def known(self, bucket: str, versions: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        return set()

    async def unfinished(
        self, bucket: str, after: int, older_than: timedelta, limit: int
    ) -> list[tuple[int, Upload]]:
        return []

    async def delivered(self, effect: Effect, after: str, limit: int) -> list[Delivered]:
        keys = sorted(key for key in self.claimed if key > after)
        return [Delivered(1, key, OBJECT) for key in keys[:limit]]

    async def reopen(self, row: int, effect: Effect) -> None:
        """Nothing to take back here."""


def run(inventory: FakeInventory, register: FakeRegister, fault: Exception | None = None) -> Findings:
    async def process(upload: Upload) -> Outcome:
        if fault and upload.key == "bad.csv":
            raise fault
        return Outcome(OBJECT, "succeeded")

    places = {Effect.RESULT: ("out", "results/"), Effect.BACKUP: ("back", "backup/")}
    request = Request("in", grace=timedelta(0))
    passes: Any = Passes(inventory, register, places, process, request, float("inf"))
    findings: Findings = asyncio.run(passes.run())
    return findings


def test_buckets_with_nothing_in_them_are_no_trouble() -> None:
    assert run(FakeInventory(), FakeRegister()) == Findings()


@pytest.mark.parametrize("pages", [1, 3])
def test_what_is_missing_and_what_nobody_claims_is_found_over_any_number_of_pages(pages: int) -> None:
    keys = [f"results/{n:05}" for n in range(pages * 500)]
    findings = run(FakeInventory(there=[*keys[1:], "results/orphan"]), FakeRegister(claimed=keys))
    # held against both passes: the fakes serve the same keys to each
    assert (findings.missing_results, findings.missing_backups, findings.orphans) == (1, 1, 2)


def test_an_output_that_is_wholly_gone_is_missing_to_the_last_key() -> None:
    findings = run(FakeInventory(), FakeRegister(claimed=[f"results/{n:05}" for n in range(1200)]))
    assert findings.missing_results == 1200


@pytest.mark.parametrize(
    "fault",
    [
        TransientError("S3 is down"),
        DefectError("a reader gave up"),
        ExceptionGroup("two", [TransientError("x")]),
    ],
)
def test_a_file_that_cannot_be_brought_home_keeps_no_other_from_it(fault: Exception) -> None:
    uploads = [Upload("in", key, "v1", "", 1, NOW - timedelta(days=1)) for key in ("bad.csv", "good.csv")]
    findings = run(FakeInventory(uploads), FakeRegister(), fault)
    assert (findings.stuck, findings.redriven) == (1, 1)
    assert findings.samples["stuck"][0].startswith("bad.csv: ")
