import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from function.domain.errors import TransientError
from function.domain.fanout import MEGABYTE, execution_name
from function.domain.model import Finished, Held
from function.domain.outcome import Outcome
from function.pipeline import fan_out, process
from function.pipeline.ports import Split
from function.pipeline.process import Pipeline
from tests.support.examples import CLAIM, OBJECT, SCAN, TIME, TO
from tests.unit.support.pipeline import NEVER, FakeClaims, FakeDelivery, FakeFanOut, FakeSource
from workflow.definition import definition

NAME = execution_name(CLAIM.row, CLAIM.attempts, OBJECT)
HELD = Held(TIME, NAME)


@dataclass
class ThreeParts:
    count: int = 3


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "HEARTBEAT_SECONDS", 0.01)
    monkeypatch.setattr(process, "_HELD_POLL_SECONDS", 0.001)


def run(
    claims: FakeClaims,
    source: FakeSource | None = None,
    fake: FakeFanOut | None = None,
    above: int = OBJECT.size - 1,
) -> Outcome:
    fake = fake or FakeFanOut(claims)
    split = Split(above, 64, lambda: fake)
    source = source or FakeSource(planned=ThreeParts())
    line = Pipeline(source, claims, FakeDelivery(claims), TO, split=split)
    return asyncio.run(line.process(OBJECT, "request-1", NEVER))


def test_a_large_file_is_left_to_an_execution_that_is_prepared_then_named_in_the_row_then_started() -> None:
    claims, source = FakeClaims(), FakeSource(planned=ThreeParts())
    outcome = run(claims, source)
    assert claims.story == ["claim", f"prepare {NAME}", f"lend to {NAME}", f"start {NAME}"]
    assert source.story == ["open", "plan", "close"]
    assert source.part_bytes == 64 * MEGABYTE
    assert outcome == Outcome(OBJECT, "processing", execution=NAME)
    assert outcome.document()["execution"] == NAME


def test_an_execution_holds_its_claim_for_longer_than_it_may_run() -> None:
    states = definition(part_function="part", finish_function="finish", concurrency=1)
    assert timedelta(seconds=states["TimeoutSeconds"]) < fan_out.LEASE


def test_a_file_that_is_not_larger_than_the_threshold_is_read_in_one_piece_without_a_plan() -> None:
    claims, source = FakeClaims(), FakeSource(planned=ThreeParts())
    assert run(claims, source, above=OBJECT.size).status == "succeeded"
    assert source.story == ["open", "scan", "close"]


def test_a_file_that_cannot_be_split_is_read_on_from_where_the_plan_stopped() -> None:
    claims, source = FakeClaims(), FakeSource(planned=None)
    assert run(claims, source) == Outcome(OBJECT, "succeeded", rows=1234, doubts=0)
    assert source.story == ["open", "plan", "scan", "close"]
    assert claims.story == ["claim", "record", "deliver", "settle"]


def test_a_verdict_that_is_recorded_is_delivered_and_not_found_again() -> None:
    first = FakeClaims()
    run(first, above=OBJECT.size)
    again = FakeClaims([replace(CLAIM, result=first.recorded)])
    source = FakeSource(planned=ThreeParts())
    assert run(again, source).status == "succeeded"
    assert source.story == ["open", "close"]


def test_the_lease_is_renewed_while_the_head_is_read_and_never_after_the_claim_is_lent() -> None:
    claims = FakeClaims()
    fake = FakeFanOut(claims)

    async def slow(name: str) -> None:
        claims.story.append("start")
        await asyncio.sleep(0.05)

    fake.start = slow  # type: ignore[method-assign]
    run(claims, FakeSource(planned=ThreeParts(), seconds=0.05), fake)
    lent = claims.story.index(f"lend to {NAME}")
    assert "extend" in claims.story[:lent]
    assert claims.story[lent:] == [f"lend to {NAME}", "start"]


@pytest.mark.parametrize(
    ("step", "story"),
    [
        ("prepare", ["claim", f"prepare {NAME}"]),
        ("start", ["claim", f"prepare {NAME}", f"lend to {NAME}", f"start {NAME}"]),
    ],
)
def test_a_fault_on_the_way_is_raised_for_a_retry(step: str, story: list[str]) -> None:
    claims = FakeClaims()
    with pytest.raises(TransientError, match="AWS is down"):
        run(claims, fake=FakeFanOut(claims, faults={step: TransientError("AWS is down")}))
    assert claims.story == story


def test_a_file_that_an_execution_reads_is_left_to_it_at_once() -> None:
    claims = FakeClaims([HELD])
    outcome = run(claims)
    assert claims.story == ["claim", f"progress {NAME}"]
    assert outcome == Outcome(OBJECT, "processing", repeated=True, execution=NAME)


def test_an_execution_that_was_named_and_never_started_is_started() -> None:
    claims = FakeClaims([HELD])
    outcome = run(claims, fake=FakeFanOut(claims, "missing"))
    assert claims.story == ["claim", f"progress {NAME}", f"start {NAME}"]
    assert outcome == Outcome(OBJECT, "processing", repeated=True, execution=NAME)


def test_the_claim_of_an_execution_that_has_ended_is_taken_over_by_another_execution() -> None:
    again = replace(CLAIM, attempts=3)
    claims = FakeClaims([HELD, again])
    other = execution_name(CLAIM.row, 3, OBJECT)
    outcome = run(claims, fake=FakeFanOut(claims, "ended"))
    steps = ["claim", f"progress {NAME}", "claim", f"ended: {NAME}"]
    assert claims.story == [*steps, f"prepare {other}", f"lend to {other}", f"start {other}"]
    assert outcome == Outcome(OBJECT, "processing", execution=other)


def test_an_execution_that_ends_between_two_looks_has_finished_the_file() -> None:
    claims = FakeClaims([HELD, Finished("succeeded")])
    outcome = run(claims, fake=FakeFanOut(claims, "ended"))
    assert outcome == Outcome(OBJECT, "succeeded", repeated=True)


def test_an_execution_is_looked_up_also_where_an_invocation_had_the_file_before_it() -> None:
    claims = FakeClaims([Held(TIME), replace(HELD, until=TIME + fan_out.LEASE)])
    outcome = run(claims, fake=FakeFanOut(claims, "missing"))
    assert claims.story == ["claim", "claim", f"progress {NAME}", f"start {NAME}"]
    assert outcome == Outcome(OBJECT, "processing", repeated=True, execution=NAME)


def test_where_there_is_no_state_machine_a_file_is_taken_over_from_its_execution() -> None:
    claims = FakeClaims([HELD, CLAIM])
    line = Pipeline(FakeSource(), claims, FakeDelivery(claims), TO)
    outcome = asyncio.run(line.process(OBJECT, "request-1", NEVER))
    assert outcome.status == "succeeded"
    assert claims.story == ["claim", "claim", f"ended: {NAME}", "record", "deliver", "settle"]


def test_an_execution_leaves_a_file_to_the_one_that_has_it() -> None:
    claims = FakeClaims([HELD, CLAIM])
    line = Pipeline(FakeSource(), claims, FakeDelivery(claims), TO, of_execution=True)
    outcome = asyncio.run(line.process(OBJECT, "7-1-other", NEVER))
    assert (outcome, claims.story) == (
        Outcome(OBJECT, "processing", repeated=True, execution=NAME),
        ["claim"],
    )


def test_the_time_of_a_reading_in_parts_counts_from_its_plan() -> None:
    claims = FakeClaims()
    began = TIME.now(TIME.tzinfo) - timedelta(seconds=90)
    run(claims, FakeSource(replace(SCAN, began_at=began), seconds=0.05), above=OBJECT.size)
    assert claims.recorded
    timing = claims.recorded["timing"]
    assert timing["scan_ms"] >= 90_050
    assert timing["started_at"][:19] == began.isoformat()[:19]
