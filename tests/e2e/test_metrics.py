"""What the functions log is what the metrics of the stack count."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from infra.monitoring.metrics import OF_OPERATOR, OF_WORKER, Metric
from local.stack import Stack
from tests.support import uploads
from tests.support.log_filter import matches


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A stack without a level set for its logs, and of these tests' own: they count all of its lines."""
    with Stack(variables={"AWS_LAMBDA_LOG_LEVEL": ""}) as running:
        yield running


@pytest.fixture
def bucket(stack: Stack) -> str:
    """A bucket of which the schedule has something to say."""
    name = f"scheduled-{uuid.uuid4()}"
    stack.client("s3").create_bucket(Bucket=name)
    return name


def counts(stack: Stack, metric: Metric) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in stack.log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if matches(metric.lines, line)]


def test_files_failures_and_rows_are_counted_once_for_each_file(stack: Stack) -> None:
    good = uploads.put(stack, "good.csv", b"a,b\n1,2\n3,4\n")
    bad = uploads.put(stack, "bad.csv", b"")
    odd = uploads.put(stack, "odd.csv", b"id,name\n" + b"1,ann\n" * 20 + b"id,name\n" + b"2,bob\n" * 20)
    again = uploads.put(stack, "good.csv", b"c,d\n1,2\n3,4\n")
    for obj in (good, bad, odd, again):
        uploads.finished(stack, obj)
    stack.invoke(uploads.event(good))  # once more
    files, failed, rows, doubtful, unlike = (counts(stack, metric) for metric in OF_WORKER)
    assert sorted(line["key"] for line in files) == ["bad.csv", "good.csv", "good.csv", "odd.csv"]
    assert [line["key"] for line in failed] == ["bad.csv"]
    assert [line[OF_WORKER[2].value.removeprefix("$.")] for line in rows] == [2, 41, 2]
    assert [(line["key"], line["doubt_codes"]) for line in doubtful] == [("odd.csv", "repeated_header")]
    assert [(line["version_id"], line["remark_codes"]) for line in unlike] == [
        (again.version_id, "columns_renamed")
    ]


def test_a_scheduled_reconciliation_is_counted_and_no_other(stack: Stack, bucket: str) -> None:
    metric, *watched = OF_OPERATOR
    event = {"operation": "reconcile", "bucket": bucket}
    assert not stack.operate(event).failed
    assert counts(stack, metric) == []
    assert not stack.operate(event | {"resume": True}).failed
    assert len(counts(stack, metric)) == 1
    for each in watched:
        (line,) = counts(stack, each)
        assert line[each.value.removeprefix("$.")] == 0
