"""What becomes of a large file when a worker, an execution or the object itself goes away."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import pytest

from function import wiring
from function.aws.fanout.executions import Executions
from function.aws.fanout.work import Work
from function.domain.errors import TransientError
from function.domain.model import CsvObject, Deadline
from function.domain.outcome import Outcome
from function.operator_handler import compose
from function.settings import Settings
from local.stack import Stack
from tests.integration.support.executions import TABLE, VARIABLES, executions, lines
from tests.support import uploads
from tests.unit.support.foreign_errors import Raising

pytestmark = pytest.mark.anyio
NEVER = Deadline(float("inf"))


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack(variables=VARIABLES) as running:
        yield running


async def begun(stack: Stack, obj: CsvObject, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    """What this process makes of the upload, as a worker would; the state machine runs on the stack."""
    stack.invoke({})  # makes the state machine
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    application = wiring.build(Settings.from_env(stack.environment))
    try:
        return await application.pipeline.process(obj, "request-1", NEVER)
    finally:
        await application.database.close()


async def stopped(stack: Stack, obj: CsvObject, monkeypatch: pytest.MonkeyPatch) -> str | None:
    """The name of the execution that was begun for the upload, and stopped."""
    name = (await begun(stack, obj, monkeypatch)).execution
    [execution] = executions(stack, obj)
    stack.client("stepfunctions").stop_execution(executionArn=execution["executionArn"])
    return name


async def test_a_worker_that_dies_before_it_starts_the_execution_leaves_that_to_the_next(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    obj = uploads.put(stack, "dies.csv", TABLE, stack.names.backup_bucket)
    with monkeypatch.context() as patch:
        patch.setattr(Executions, "_start", Raising(TransientError("killed")))
        with pytest.raises(TransientError, match="killed"):
            await begun(stack, obj, patch)
    assert executions(stack, obj) == []
    [held] = uploads.rows(stack, obj)
    assert stack.invoke(uploads.event(obj)).payload[0]["execution"] == held["execution"]
    uploads.finished(stack, obj).assert_exactly_once("succeeded")
    assert [each["name"] for each in executions(stack, obj)] == [held["execution"]]


async def test_an_execution_that_was_stopped_is_followed_by_another(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    obj = uploads.put(stack, "stopped.csv", TABLE, stack.names.backup_bucket)
    first = await stopped(stack, obj, monkeypatch)
    answer = stack.invoke(uploads.event(obj)).payload[0]
    assert (answer["status"], answer["repeated"]) == ("processing", False)
    uploads.finished(stack, obj).assert_exactly_once("succeeded")
    assert {each["name"]: each["status"] for each in executions(stack, obj)} == {
        first: "ABORTED",
        answer["execution"]: "SUCCEEDED",
    }


async def test_where_files_are_not_split_any_more_one_is_taken_over_from_its_execution_at_once(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    obj = uploads.put(stack, "unsplit.csv", TABLE, stack.names.backup_bucket)
    first = await stopped(stack, obj, monkeypatch)  # as AWS does when the state machine is deleted
    application = wiring.build(replace(Settings.from_env(stack.environment), state_machine_arn=""))
    asked = {"operation": "reconcile", "bucket": obj.bucket, "grace_seconds": 0}
    try:
        found = await compose(application).run(asked, "request-2", NEVER)
    finally:
        await application.database.close()
    assert "unsplit.csv" in found["samples"]["unfinished"]
    traces = uploads.finished(stack, obj)
    traces.assert_exactly_once("succeeded")
    assert traces.result["source"]["sha256"] == hashlib.sha256(TABLE).hexdigest()
    assert traces.row["execution"] == first


async def test_a_version_that_is_deleted_before_its_parts_are_read_has_the_verdict_of_any_other(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    obj = uploads.put(stack, "deleted.csv", TABLE, stack.names.backup_bucket)
    start = Executions._start

    def delete_and_start(self: Executions, name: str) -> None:
        uploads.s3(stack).delete_object(Bucket=obj.bucket, Key=obj.key, VersionId=obj.version_id)
        start(self, name)

    monkeypatch.setattr(Executions, "_start", delete_and_start)
    name = (await begun(stack, obj, monkeypatch)).execution
    traces = uploads.finished(stack, obj)
    assert traces.result["error"]["code"] == "object_gone"
    assert (len(traces.rows), len(traces.results), len(traces.messages)) == (1, 1, 1)
    [merged] = lines(stack, "merged", execution=name)
    assert merged["state"] == "sequential"
    assert "deleted or overwritten" in merged["reason"]


async def test_a_file_whose_execution_outlives_a_deployment_is_read_in_one_piece_by_the_new_code(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_plan = Work.write_plan
    older = lambda work, name, planned: write_plan(work, name, replace(planned, code="before"))  # noqa: E731
    monkeypatch.setattr(Work, "write_plan", older)
    obj = uploads.put(stack, "deployed.csv", TABLE, stack.names.backup_bucket)
    name = (await begun(stack, obj, monkeypatch)).execution
    traces = uploads.finished(stack, obj)
    traces.assert_exactly_once("succeeded")
    assert traces.result["source"]["sha256"] == hashlib.sha256(TABLE).hexdigest()
    [merged] = lines(stack, "merged", execution=name)
    assert merged["state"] == "sequential"
    assert "another version of the function was deployed" in merged["reason"]
    reads = lines(stack, "read", execution=name)
    assert reads
    assert {read["bytes"] for read in reads} == {0}
