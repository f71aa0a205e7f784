"""Batches are read in one thread and profiled in another: what is held, what is left, and what crosses over."""

import threading
import time
import tracemalloc
from collections.abc import Iterator

import pytest

from function.domain.errors import ErrorCode, FileError
from function.scan import scan
from function.scan.profile.tally import CountMismatchError, Summarise, Tally
from function.scan.reading import Reading
from function.scan.records.batch import Batch
from function.scan.records.reader import BATCH, PORTION, VALUES
from tests.unit.support.tables import LENIENT

BLOCK = b"".join(b'%d,red,"a, b",2024-01-01 10:00:00\n' % number for number in range(100_000, 130_000))
RECORDS = 30_000  # of a block, of about 1 MB


class BrokenSourceError(Exception):
    pass


def blocks(count: int, error: Exception | None = None) -> Iterator[bytes]:
    for _ in range(count):
        yield BLOCK
    if error:
        raise error


def test_a_large_file_is_profiled_in_a_thread_that_ends_with_the_scan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = set()
    add = Tally.add

    def noted(tally: Tally, batch: Batch, summarise: Summarise) -> Tally:
        seen.add(threading.current_thread())
        return add(tally, batch, summarise)

    monkeypatch.setattr(Tally, "add", noted)
    result = scan(blocks(20))
    assert result.profile is not None
    assert result.profile.rows == 20 * RECORDS
    assert len(seen - {threading.current_thread()}) == 1
    assert not any(thread.is_alive() for thread in seen - {threading.current_thread()})


def test_a_small_file_starts_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading.Thread, "start", lambda _: pytest.fail("a thread was started"))
    assert scan([BLOCK[: BLOCK.index(b"\n", 1 << 17) + 1]]).error is None


@pytest.mark.parametrize(
    "error", [BrokenSourceError(), FileError(ErrorCode.TIMEOUT, "time is up"), KeyboardInterrupt()]
)
def test_no_thread_outlives_a_scan_that_is_cut_off(error: Exception) -> None:
    before = set(threading.enumerate())
    if isinstance(error, FileError):
        result = scan(blocks(20, error))
        assert result.error is error
        assert result.profile is not None
        assert (20 - PORTION / len(BLOCK)) * RECORDS < result.profile.rows <= 20 * RECORDS
    else:
        with pytest.raises(type(error)):
            scan(blocks(20, error))
    assert set(threading.enumerate()) == before


def test_a_fault_of_the_profile_ends_the_scan_and_its_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Tally:
        raise CountMismatchError("counted twice")

    monkeypatch.setattr(Tally, "add", fail)
    before = set(threading.enumerate())
    with pytest.raises(CountMismatchError, match="counted twice"):
        scan(blocks(20))
    assert set(threading.enumerate()) == before


def test_the_reader_is_one_batch_ahead_of_the_profile_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, profiled, ahead = 0, 0, []

    def counted() -> Iterator[bytes]:
        nonlocal taken
        for block in blocks(60):
            taken += len(block)
            yield block

    def slow(tally: Tally, batch: Batch, summarise: Summarise) -> Tally:
        nonlocal profiled
        time.sleep(0.3)  # long enough to read all of the file
        profiled += len(batch.data)
        ahead.append(taken - profiled)
        return Tally(tally.ledger.merge(batch.ledger), tally.columns)

    monkeypatch.setattr(Tally, "add", slow)
    scan(counted())
    assert len(ahead) > 3
    assert max(ahead) <= BATCH + 2 * PORTION + 2 * len(BLOCK)


@pytest.mark.parametrize("record", [b"1\n", b"1,2\n", b"word," * 30 + b"word\n", b"word," * 3000 + b"word\n"])
def test_a_batch_holds_a_bounded_number_of_bytes_and_values(record: bytes) -> None:
    width = record.count(b",") + 1
    portion = max(PORTION, 800 * width)
    data = record * (3 * BATCH // len(record))
    batches = list(Reading(LENIENT).batches([data]))
    assert max(len(batch.data) for batch in batches) <= BATCH + portion
    assert max(batch.records * width for batch in batches) <= VALUES + portion // 2


def test_what_is_held_does_not_grow_with_the_file() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        scan(blocks(count))
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return held

    small, large = peak(30), peak(90)
    assert large < 1.2 * small
    assert large < 6 * BATCH
