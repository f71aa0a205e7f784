"""What must be true of every large file in the end, whatever went wrong."""

from dataclasses import dataclass
from typing import Any

from function.domain import fanout
from function.domain.model import CsvObject, Document
from tests.faults.harness.faulty_stack import BUCKET, FaultyStack
from tests.support import uploads

_NOTHING = ("redriven", "stuck", "without_row", "unfinished", "missing_results", "missing_backups", "orphans")


@dataclass(frozen=True, slots=True)
class Large:
    """A large file, and what the reading in one piece makes of it."""

    body: bytes
    csv: Document


def keep(
    faulty: FaultyStack, obj: CsvObject, large: Large, *, most_messages: int = 1, most_succeeded: int = 1
) -> uploads.Traces:
    """Wait for the file's end, and see that every guarantee was kept."""
    traces = uploads.finished(faulty.stack, obj, 240)
    assert not faulty.stack.dead_letters()
    assert (len(traces.rows), len(traces.results), len(traces.backups)) == (1, 1, 1)
    assert traces.row["status"] == traces.result["status"] == "succeeded", traces.row["error_message"]
    assert traces.result["csv"] == large.csv
    assert traces.row["row_count"] == large.csv["rows"]
    assert traces.row["result"] == traces.result
    assert traces.row["claimed_until"] is None
    assert traces.body == large.body
    assert {each["attributes"]["status"] for each in traces.messages} == {"succeeded"}
    assert 1 <= len(traces.messages) <= most_messages
    states = [each["status"] for each in executions(faulty, obj)]
    assert "RUNNING" not in states
    assert states.count("SUCCEEDED") <= most_succeeded
    left = reconciliation(faulty)
    assert not any(left[name] for name in _NOTHING), left
    return traces


def executions(faulty: FaultyStack, obj: CsvObject) -> list[Any]:
    """All executions for the upload, by the number of the attempt that started each, the latest first."""
    mark = fanout.execution_name(0, 0, obj).rpartition("-")[2]
    client, found = faulty.stack.client("stepfunctions"), []
    pages = client.get_paginator("list_executions")
    for page in pages.paginate(stateMachineArn=faulty.stack.environment["STATE_MACHINE_ARN"]):
        found += [each for each in page["executions"] if each["name"].endswith(mark)]
    return sorted(found, key=lambda each: int(each["name"].split("-")[1]), reverse=True)


def reconciliation(faulty: FaultyStack) -> Document:
    """What a reconciliation would find now."""
    asked = {"operation": "reconcile", "bucket": BUCKET, "grace_seconds": 0, "dry_run": True}
    answer = faulty.stack.operate(asked)
    assert not answer.failed, answer.payload
    found: Document = answer.payload
    return found
