"""What happens to an execution: its event comes again, it is stopped, its file changes, it finds no worker."""

from collections.abc import Callable

import pytest

from function.domain.model import CsvObject
from tests.faults.fanout.guarantees import Large, executions, keep, reconciliation
from tests.faults.fanout.moments import Answer, At, die, let_the_lease_end, stop, stop_and_redrive
from tests.faults.fanout.play import SECONDS, lose_dead_letters, reconciled
from tests.faults.fanout.steps import send, some, states
from tests.faults.harness.faulty_stack import BUCKET, FaultyStack
from tests.support import uploads

pytestmark = pytest.mark.usefixtures("healed")

STEPS = (
    "before claim", "before prepare", "before lend", "before start", "after start", "before part 1",
    "after part 1", "before merge", "after merge", "before finish", "before finish: record",
    "after finish: record", "before finish: settle", "after finish: settle", "after finish",
)  # fmt: skip
STOPS = tuple(step for step in STEPS[STEPS.index("before part 1") :] if "settle" not in step)


@pytest.mark.parametrize("step", some(STEPS, 7))
def test_an_event_that_comes_again_at_any_step_starts_no_second_execution(
    faulty: FaultyStack, table: Large, step: str
) -> None:
    obj = uploads.put(faulty.stack, f"again {step}.csv", table.body, BUCKET)

    def again() -> Answer:
        answer = faulty.stack.invoke(uploads.event(obj))
        assert not answer.failed, answer.payload
        return None

    faulty.heard = At(step, again)
    send(faulty, obj)
    keep(faulty, obj, table)
    assert states(faulty, obj) == ["SUCCEEDED"]


@pytest.mark.parametrize("step", some(STOPS, 7))
@pytest.mark.parametrize("do", [stop, stop_and_redrive])
def test_an_execution_stopped_at_any_step_is_followed_by_what_ends_the_file(
    faulty: FaultyStack, table: Large, step: str, do: Callable[[FaultyStack, CsvObject], Answer]
) -> None:
    obj = uploads.put(
        faulty.stack, f"{'stopped' if do is stop else 'followed'} {step}.csv", table.body, BUCKET
    )
    faulty.heard = At(step, lambda: do(faulty, obj))
    send(faulty, obj)
    if do is stop:
        [dead_letter] = faulty.stack.dead_letters()
        assert dead_letter["detail"]["status"] == "ABORTED"
        assert faulty.stack.redrive() == 1
    keep(faulty, obj, table, most_messages=2 if "record" in step else 1)
    assert states(faulty, obj)[0] == "ABORTED"


def test_a_running_execution_is_left_alone_by_a_reconciliation(faulty: FaultyStack, table: Large) -> None:
    obj = uploads.put(faulty.stack, "left.csv", table.body, BUCKET)
    found = []
    faulty.heard = At("before merge", lambda: found.append(reconciliation(faulty)))
    send(faulty, obj)
    assert found[0]["unfinished"] == found[0]["redriven"] == found[0]["without_row"] == 0
    keep(faulty, obj, table)


def test_a_version_deleted_while_its_parts_are_read_has_the_verdict_of_one_that_is_gone(
    faulty: FaultyStack, table: Large
) -> None:
    obj = uploads.put(faulty.stack, "deleted.csv", table.body, BUCKET)
    faulty.heard = At("before part 1", lambda: delete(faulty, obj))
    send(faulty, obj)
    traces = uploads.finished(faulty.stack, obj)
    assert (len(traces.rows), len(traces.results), len(traces.messages)) == (1, 1, 1)
    assert traces.result["error"]["code"] == traces.row["error_code"] == "object_gone"
    assert states(faulty, obj) == ["SUCCEEDED"]
    assert not faulty.stack.dead_letters()


def test_a_version_deleted_once_its_parts_are_read_is_counted_and_has_no_backup(
    faulty: FaultyStack, table: Large
) -> None:
    obj = uploads.put(faulty.stack, "late deleted.csv", table.body, BUCKET)
    faulty.heard = At("before finish", lambda: delete(faulty, obj))
    send(faulty, obj)
    traces = uploads.finished(faulty.stack, obj)
    assert (len(traces.rows), len(traces.results), len(traces.messages)) == (1, 1, 1)
    assert traces.result["csv"] == table.csv
    assert traces.row["backup_key"] is None
    assert states(faulty, obj) == ["SUCCEEDED"]
    assert not faulty.stack.dead_letters()


def delete(faulty: FaultyStack, obj: CsvObject) -> Answer:
    uploads.s3(faulty.stack).delete_object(Bucket=obj.bucket, Key=obj.key, VersionId=obj.version_id)
    return None


def test_a_newer_version_of_the_key_changes_nothing_about_the_one_that_is_read(
    faulty: FaultyStack, table: Large
) -> None:
    obj = uploads.put(faulty.stack, "newer.csv", table.body, BUCKET)
    newer: list[CsvObject] = []

    def upload() -> Answer:
        newer.append(uploads.put(faulty.stack, "newer.csv", uploads.GOOD, BUCKET))
        faulty.stack.send(uploads.event(newer[0]))
        return None

    faulty.heard = At("before part 1", upload)
    send(faulty, obj)
    keep(faulty, obj, table)
    uploads.finished(faulty.stack, newer[0]).assert_exactly_once("succeeded")


def test_parts_that_find_no_worker_are_tried_until_they_do(faulty: FaultyStack, table: Large) -> None:
    obj = uploads.put(faulty.stack, "busy.csv", table.body, BUCKET)
    faulty.heard = At("before part 1", lambda: "busy", times=14)  # more than one pass over the parts
    send(faulty, obj)
    keep(faulty, obj, table)
    assert states(faulty, obj) == ["SUCCEEDED"]


def test_a_database_that_is_away_for_half_of_the_last_steps_attempts_costs_nothing(
    faulty: FaultyStack, table: Large
) -> None:
    obj = uploads.put(faulty.stack, "away.csv", table.body, BUCKET)
    attempts = At("", die)

    def hear(step: str) -> Answer:
        attempts(step)
        if step == "before finish" and attempts.seen[step] == 1:
            faulty.stack.postgres.stop()
        if step == "before finish" and attempts.seen[step] == 6:
            faulty.stack.postgres.start()
        return None

    faulty.heard = hear
    send(faulty, obj)
    keep(faulty, obj, table)
    assert states(faulty, obj) == ["SUCCEEDED"]
    assert attempts.seen["before finish"] >= 6


def test_an_execution_whose_failure_nobody_heard_of_is_found_by_the_next_reconciliation(
    faulty: FaultyStack, table: Large
) -> None:
    obj = uploads.put(faulty.stack, "unheard.csv", table.body, BUCKET)
    faulty.heard = At("before part 1", lambda: stop(faulty, obj))
    send(faulty, obj)
    lose_dead_letters(faulty)
    uploads.until(lambda: reconciled(faulty), SECONDS, "reconciled")
    keep(faulty, obj, table)
    assert states(faulty, obj) == ["ABORTED", "SUCCEEDED"]


@pytest.mark.parametrize("step", some(("before part 1", "before merge", "before finish"), 3))
def test_an_execution_that_outlives_its_lease_leaves_the_file_to_the_one_that_took_over(
    faulty: FaultyStack, table: Large, step: str
) -> None:
    obj = uploads.put(faulty.stack, f"outlived {step}.csv", table.body, BUCKET)
    faulty.heard = At(step, lambda: let_the_lease_end(faulty, obj))
    send(faulty, obj)
    traces = keep(faulty, obj, table, most_succeeded=2)
    assert states(faulty, obj) == ["SUCCEEDED", "SUCCEEDED"]
    later = executions(faulty, obj)[0]["name"]
    assert (traces.row["execution"], traces.row["claimed_by"]) == (later, later)
