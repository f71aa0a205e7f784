import threading
import tracemalloc
import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from function.aws.fanout import work as module
from function.aws.fanout.work import Planned, UnreadableError, Work
from function.domain import fanout
from function.domain.errors import SettingsError, TransientError
from function.scan.parts.merge import merge
from function.scan.parts.model import Merged, Part, Plan, TextOfPart
from function.scan.parts.part import read_part
from function.scan.profile.tally import Tally
from local.stack import Stack
from tests.integration.function.aws.fanout.conftest import TABLE
from tests.support.examples import OBJECT

PART = Part(0, 0, 5, bytes(32), Tally(), TextOfPart("ascii"))


@pytest.fixture
def name() -> str:
    return f"7-1-{uuid.uuid4().hex}"


def test_a_plan_is_found_as_it_was_stored(work: Work, table_plan: Plan, name: str) -> None:
    planned = Planned(OBJECT, table_plan, datetime.now(UTC))
    work.write_plan(name, planned)
    assert work.plan(name) == planned


def test_parts_come_in_their_order_as_they_were_stored_last(work: Work, name: str) -> None:
    parts = [replace(PART, number=number, stop=number) for number in range(40)]
    for part in reversed(parts):
        work.write_part(name, replace(part, stop=99))
        work.write_part(name, part)
    assert list(work.parts(name, 40)) == parts


def test_a_part_that_is_missing_is_a_fault(work: Work, name: str) -> None:
    work.write_part(name, PART)
    with pytest.raises(TransientError, match=r"work/7-1-\w+/parts/00001\.bin"):
        list(work.parts(name, 2))


def test_a_part_whose_bytes_could_not_be_had_ends_the_reading_of_results(work: Work, name: str) -> None:
    work.write_unreadable(name, 0, "the version is gone")
    with pytest.raises(UnreadableError, match="the version is gone"):
        list(work.parts(name, 1))


def test_a_merged_scan_is_found_as_it_was_stored(work: Work, table_plan: Plan, name: str) -> None:
    parts = [read_part(table_plan, n, lambda at: iter([TABLE[at:]])) for n in range(table_plan.count)]
    merged = merge(table_plan, parts)
    assert isinstance(merged, Merged)
    work.write_merged(name, merged)
    found = work.merged(name).scan
    assert (found.profile, found.parts, found.size) == (merged.scan.profile, merged.scan.parts, len(TABLE))


def test_an_output_bucket_that_is_not_there_is_a_fault_of_the_settings(stack: Stack, name: str) -> None:
    missing = Work(stack.client("s3"), "no-such-bucket-of-ours")
    with pytest.raises(SettingsError, match="no-such-bucket-of-ours/work/"):
        missing.write_part(name, PART)
    with pytest.raises(SettingsError, match="no-such-bucket-of-ours/work/"):
        missing.plan(name)


def test_results_are_read_a_few_ahead_and_no_more(
    work: Work, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    lock = threading.Lock()

    def answer(self: Work, key: str) -> bytes:
        with lock:
            asked.append(key)
        return b'{"unreadable": ""}' + b" " * 100_000 + b"\n"

    monkeypatch.setattr(Work, "_bytes", answer)
    monkeypatch.setattr(module, "part_of", lambda document, _: document)
    tracemalloc.start()
    try:
        for number, _ in enumerate(work.parts(name, 2000)):
            assert len(asked) <= number + 16
        assert tracemalloc.get_traced_memory()[1] < 16_000_000  # all of them are 200 MB
    finally:
        tracemalloc.stop()
    assert sorted(asked) == [fanout.part_key(name, number) for number in range(2000)]


def test_whoever_stops_early_asks_for_nothing_more(
    work: Work, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(self: Work, key: str) -> bytes:
        asked.append(key)
        return b'{"unreadable": "gone"}\n'

    monkeypatch.setattr(Work, "_bytes", answer)
    with pytest.raises(UnreadableError):
        list(work.parts(name, 1000))
    assert len(asked) <= 16
