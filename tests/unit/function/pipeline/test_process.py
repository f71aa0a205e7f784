import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from function.domain.content import Scan
from function.domain.errors import ErrorCode, FileError, TransientError
from function.domain.instructions import Options
from function.domain.model import Deadline, Effects, Finished, Held, Receipt
from function.domain.outcome import Outcome
from function.pipeline import process as module
from function.pipeline.process import Pipeline
from tests.support.examples import CLAIM, OBJECT, SCAN, TIME, TO
from tests.unit.support.pipeline import NEVER, FakeClaims, FakeDelivery, FakeSource, process


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEARTBEAT_SECONDS", 0.01)
    monkeypatch.setattr(module, "_HELD_POLL_SECONDS", 0.001)


def test_an_upload_is_claimed_recorded_delivered_and_settled_in_that_order() -> None:
    claims = FakeClaims()
    outcome = process(claims)
    assert claims.story == ["claim", "record", "deliver", "settle"]
    assert outcome == Outcome(OBJECT, "succeeded", rows=1234, doubts=0)


def test_an_upload_of_bytes_that_came_before_is_processed_and_says_so() -> None:
    claims = FakeClaims(identical_to={"key": "older.csv"})
    delivery = FakeDelivery(claims)
    assert process(claims, delivery=delivery).status == "succeeded"
    assert delivery.delivered
    assert delivery.delivered["source"]["identical_to"] == {"key": "older.csv"}


def test_the_object_is_asked_for_before_the_claim_is_made_and_always_closed() -> None:
    source = FakeSource()
    process(FakeClaims(source=source), source)
    assert source.story == ["open", "claim", "scan", "close"]


def test_an_object_that_is_not_ours_to_read_is_closed_unread() -> None:
    source = FakeSource()
    process(FakeClaims([Finished("succeeded")], source=source), source)
    assert source.story == ["open", "claim", "close"]


def test_a_bad_file_is_a_verdict_that_is_recorded_and_delivered_like_any_other() -> None:
    claims = FakeClaims()
    outcome = process(
        claims, FakeSource(Scan("ab" * 32, 9, error=FileError(ErrorCode.NOT_CSV, "a JPEG image")))
    )
    assert outcome == Outcome(OBJECT, "failed", error_code="not_csv")
    assert claims.story == ["claim", "record", "deliver", "settle"]
    assert claims.recorded
    assert claims.recorded["error"]["message"] == "a JPEG image"


def test_an_empty_version_says_which_newer_one_took_its_place() -> None:
    claims, source = FakeClaims(), FakeSource(Scan("ab" * 32, 0, error=FileError(ErrorCode.EMPTY_FILE, "")))
    line = Pipeline(source, claims, FakeDelivery(claims), TO, supersede=timedelta(seconds=60))
    assert asyncio.run(line.process(OBJECT, "request-1", NEVER)).error_code == "empty_file"
    assert claims.recorded
    assert claims.recorded["source"]["superseded_by"] == {
        "version_id": "v2", "uploaded_at": "2025-09-02T14:30:09.123Z"
    }  # fmt: skip
    assert claims.story == ["claim", "record", "deliver", "settle"]


def test_a_fault_of_the_source_is_raised_and_nothing_is_recorded() -> None:
    claims = FakeClaims()
    with pytest.raises(TransientError, match="S3 is down"):
        process(claims, FakeSource(fault=TransientError("S3 is down")))
    assert claims.story == ["claim"]


def test_the_wait_for_a_connection_leaves_half_of_the_time_to_work_in() -> None:
    claims = FakeClaims()
    line = Pipeline(FakeSource(), claims, FakeDelivery(claims), TO)
    asyncio.run(line.process(OBJECT, "request-1", Deadline(time.monotonic() + 100)))
    assert claims.patience == pytest.approx(50, abs=5)
    asyncio.run(line.process(OBJECT, "request-1", Deadline(time.monotonic() - 1)))
    assert claims.patience == 0


def test_a_finished_upload_is_left_alone() -> None:
    claims = FakeClaims([Finished("succeeded")])
    assert process(claims) == Outcome(OBJECT, "succeeded", repeated=True)
    assert claims.story == ["claim"]


def test_a_retry_delivers_the_recorded_verdict_without_reading_again() -> None:
    first = FakeClaims()
    process(first)
    assert first.recorded
    again = FakeClaims([replace(CLAIM, result=first.recorded)])
    delivery = FakeDelivery(again)
    process(again, FakeSource(fault=AssertionError("read again")), delivery)
    assert again.story == ["claim", "deliver", "settle"]
    assert delivery.delivered == first.recorded


def test_a_failed_effect_is_settled_first_and_then_raised() -> None:
    claims = FakeClaims()
    receipt = Receipt(Effects(True, False, True), (TransientError("backup: slow down"),))
    with pytest.raises(TransientError, match="backup: slow down"):
        process(claims, delivery=FakeDelivery(claims, receipt))
    assert claims.receipt == receipt


def test_all_failed_effects_are_named() -> None:
    claims = FakeClaims()
    receipt = Receipt(Effects(), (TransientError("backup: slow down"), TransientError("notification: no")))
    with pytest.raises(ExceptionGroup, match="backup: slow down; notification: no") as caught:
        process(claims, delivery=FakeDelivery(claims, receipt))
    assert caught.value.exceptions == receipt.faults


def test_the_lease_is_renewed_while_the_file_is_read() -> None:
    claims = FakeClaims()
    process(claims, FakeSource(seconds=0.1))
    assert claims.story.count("extend") >= 3
    assert claims.story[-3:] == ["record", "deliver", "settle"]


def test_a_lease_that_cannot_be_renewed_does_not_end_the_scan() -> None:
    claims = FakeClaims(extend_fault=TransientError("database restarts"))
    assert process(claims, FakeSource(seconds=0.05)).status == "succeeded"


def test_a_duplicate_waits_for_a_silent_holder_and_takes_over_when_its_lease_ends() -> None:
    claims = FakeClaims([Held(TIME), Held(TIME), CLAIM])
    assert process(claims).rows == 1234
    assert claims.story[:3] == ["claim", "claim", "claim"]


def test_a_duplicate_sees_the_holder_finish() -> None:
    assert process(FakeClaims([Held(TIME), Finished("failed")])) == Outcome(OBJECT, "failed", repeated=True)


def test_a_duplicate_leaves_the_file_to_a_holder_that_shows_life() -> None:
    renewed = TIME + timedelta(seconds=4)
    claims = FakeClaims([Held(TIME), Held(renewed)])
    assert process(claims) == Outcome(OBJECT, "processing", repeated=True)


def test_the_result_tells_when_the_file_came_and_how_long_the_scan_took() -> None:
    claims = FakeClaims()
    before = datetime.now(UTC)
    process(claims, FakeSource(seconds=0.05))
    assert claims.recorded
    timing = claims.recorded["timing"]
    assert timing["received_at"] == "2025-09-02T14:30:00.123Z"
    assert timing["scan_ms"] >= 50
    assert datetime.fromisoformat(timing["finished_at"]) >= before


def test_no_heartbeat_outlives_the_upload(caplog: pytest.LogCaptureFixture) -> None:
    claims = FakeClaims()

    async def run() -> None:
        await Pipeline(FakeSource(), claims, FakeDelivery(claims), TO).process(OBJECT, "r", NEVER)
        told = len(claims.story)
        await asyncio.sleep(0.05)
        assert len(claims.story) == told

    asyncio.run(run())


def test_the_history_of_a_series_that_the_object_names_is_asked_for_and_of_no_other() -> None:
    claims = FakeClaims()
    process(claims, FakeSource(replace(SCAN, options=Options(series="north"))))
    assert claims.story == ["claim", "past of north", "record", "deliver", "settle"]
    assert claims.recorded
    assert claims.recorded["series"]["name"] == "north"


def test_what_later_files_are_compared_with_is_kept_of_a_file_that_succeeded() -> None:
    claims = FakeClaims()
    process(claims)
    assert claims.summary == [["id", "integer", 0], ["name", "string", 1]]
