import asyncio
import time
from datetime import timedelta
from typing import Any

import pytest

from function.domain.errors import DefectError, OutOfTimeError, TransientError
from function.domain.fanout import Progress
from function.domain.model import Deadline, Document, Unfinished, Upload
from function.domain.outcome import Outcome
from function.pipeline.reconcile import Passes, ReconcileReport, Request
from tests.support.examples import OBJECT
from tests.unit.support.reconciliation import NOW, PLACES, FakeInventory, FakeRegister, run, upload


def test_buckets_with_nothing_in_them_are_no_trouble() -> None:
    assert run(FakeInventory(), FakeRegister()) == ReconcileReport()


def test_a_page_is_nobodys_only_if_its_result_is() -> None:
    there = ["results/a.csv/report.html", "results/a.csv/result.json", "results/report.html.csv/result.json"]
    findings = run(FakeInventory(there=there), FakeRegister(claimed=there[1:2]))
    assert findings.samples["orphans"][0] == "s3://out/results/report.html.csv/result.json"
    assert findings.orphans == 2  # once for each of both passes, which the fakes serve the same keys to


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
    ("outcome", "redriven"),
    [
        (Outcome(OBJECT, "processing", execution="7-1-ab"), 1),  # it was started now
        (Outcome(OBJECT, "processing", repeated=True, execution="7-1-ab"), 0),
        (Outcome(OBJECT, "processing", repeated=True), 0),
        (Outcome(OBJECT, "succeeded", repeated=True), 1),
    ],
)
def test_a_file_counts_as_redriven_unless_another_works_on_it(outcome: Outcome, redriven: int) -> None:
    uploads = [Upload("in", "a.csv", "v1", "", 1, NOW - timedelta(days=1))]
    findings = run(FakeInventory(uploads), FakeRegister(), outcome=outcome)
    assert (findings.redriven, findings.without_row, findings.stuck) == (redriven, 1, 0)


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


def slow_run(
    inventory: FakeInventory, position: Document | None, files: int
) -> tuple[ReconcileReport, list[tuple[str, bool]]]:
    """A run with time for so many files; what it processed, and whether each had all the time there is."""
    done: list[tuple[str, bool]] = []

    async def process(upload: Upload, deadline: Deadline) -> Outcome:
        if len(done) == files:
            raise OutOfTimeError("other files took the time")
        done.append((upload.key, deadline.final))
        return Outcome(OBJECT, "succeeded")

    async def look_up(execution: str) -> Progress:
        raise NotImplementedError

    request = Request("in", grace=timedelta(0), position=position)
    until = Deadline(time.monotonic() + 60)
    passes: Any = Passes(inventory, FakeRegister(), PLACES, process, look_up, request, until)
    return asyncio.run(passes.run()), done


def test_a_run_out_of_time_goes_on_at_the_file_it_stopped_at_and_counts_none_twice() -> None:
    everything = [upload(f"{n}.csv") for n in range(5)]
    findings, done = slow_run(FakeInventory(everything), None, files=2)
    assert [key for key, _ in done] == ["0.csv", "1.csv"]
    assert (findings.found, findings.without_row, findings.redriven) == (2, 2, 2)
    assert findings.position == {"pass": "uploads", "after": {"KeyMarker": "1.csv", "VersionIdMarker": "v1"}}
    rest, done = slow_run(FakeInventory(everything[2:]), findings.position, files=9)
    assert [key for key, _ in done] == ["2.csv", "3.csv", "4.csv"]
    assert (rest.found, rest.without_row, rest.position) == (3, 3, None)


def test_only_the_first_file_of_a_run_has_all_the_time_there_is() -> None:
    _, done = slow_run(FakeInventory([upload("a.csv"), upload("b.csv")]), None, files=9)
    assert done == [("a.csv", True), ("b.csv", False)]


def test_a_file_that_kills_its_worker_each_time_is_stuck_and_holds_up_no_other() -> None:
    register = FakeRegister(
        left=[Unfinished(1, 6, upload("poison.csv")), Unfinished(2, 1, upload("good.csv"))]
    )
    findings = run(FakeInventory(), register)
    assert (findings.unfinished, findings.stuck, findings.redriven) == (2, 1, 1)
    assert findings.samples["stuck"][0].startswith("poison.csv: given up after 6 attempts")


def test_the_attempts_of_an_executions_last_step_do_not_make_a_file_stuck() -> None:
    register = FakeRegister(
        left=[
            Unfinished(1, 11, upload("away.csv"), "1-1-a"),
            Unfinished(2, 16, upload("poison.csv"), "2-6-b"),
        ]
    )
    findings = run(FakeInventory(), register)
    assert (findings.unfinished, findings.stuck, findings.redriven) == (2, 1, 1)
    assert findings.samples["stuck"][0].startswith("poison.csv: given up after 16 attempts")
