import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from function.domain.content import Scan
from function.domain.errors import ErrorCode, FileError
from function.domain.model import CsvObject, Deadline
from function.pipeline import supersede
from function.pipeline.supersede import successor
from tests.support.examples import OBJECT, SCAN

EMPTY = Scan("ab" * 32, 0, error=FileError(ErrorCode.EMPTY_FILE, "no records"))
MINUTE = timedelta(seconds=60)
NEVER = Deadline(float("inf"))


@dataclass
class FakeSource:
    there: CsvObject | None
    asked_at: datetime | None = None

    async def current(self, bucket: str, key: str) -> CsvObject | None:
        assert (bucket, key) == (OBJECT.bucket, OBJECT.key)
        self.asked_at = datetime.now(UTC)
        return self.there


def later(seconds: float) -> CsvObject:
    return replace(OBJECT, version_id="v2", uploaded_at=OBJECT.uploaded_at + timedelta(seconds=seconds))


def find(source: FakeSource, scan: Scan = EMPTY, within: timedelta = MINUTE) -> CsvObject | None:
    return asyncio.run(successor(source, OBJECT, scan, within, NEVER))


@pytest.mark.parametrize("seconds", [-0.9, 0, 60])
def test_a_newer_version_within_the_time_takes_the_place_of_an_empty_one(seconds: float) -> None:
    assert find(FakeSource(later(seconds))) == later(seconds)


@pytest.mark.parametrize("there", [None, OBJECT, later(60.5), later(-1)])
def test_a_version_that_is_gone_or_alone_or_followed_late_has_no_successor(there: CsvObject | None) -> None:
    assert find(FakeSource(there)) is None


@pytest.mark.parametrize(
    ("scan", "within"),
    [
        (SCAN, MINUTE),
        (Scan(None, 9, error=FileError(ErrorCode.NOT_CSV, "a JPEG image")), MINUTE),
        (EMPTY, timedelta(0)),
    ],
)
def test_only_of_an_empty_file_is_it_asked_and_only_where_a_time_is_set(
    scan: Scan, within: timedelta
) -> None:
    source = FakeSource(later(1))
    assert find(source, scan, within) is None
    assert source.asked_at is None


@pytest.mark.parametrize(
    ("deadline", "earliest"),
    [
        (lambda: NEVER, timedelta(seconds=0.2)),
        (lambda: Deadline(time.monotonic() - 1), timedelta(0)),
    ],
)
def test_it_is_asked_when_the_empty_version_has_the_age_or_there_is_no_time_to_wait(
    monkeypatch: pytest.MonkeyPatch, deadline: Callable[[], Deadline], earliest: timedelta
) -> None:
    monkeypatch.setattr(supersede, "LOOK_AT_SECONDS", 0.2)
    source, young = FakeSource(None), replace(OBJECT, uploaded_at=datetime.now(UTC))
    asyncio.run(successor(source, young, EMPTY, MINUTE, deadline()))
    assert source.asked_at
    assert source.asked_at - young.uploaded_at >= earliest
