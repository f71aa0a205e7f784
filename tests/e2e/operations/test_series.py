"""Daily files of one series, through the whole pipeline: what is said of one that is unlike the others."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from function.domain.model import CsvObject
from local.stack import Stack
from tests.support import schema, uploads

START = datetime(2025, 3, 1, 6, tzinfo=UTC)


def content(day: int, rows: int = 40, header: str = "id,amount") -> bytes:
    lines = (f"{day * 100 + number},{number}.5" for number in range(rows))
    return "\n".join([header, *lines, ""]).encode()


class Feed:
    """Files of one series in a bucket that sends no events; each is uploaded at six of its day."""

    def __init__(self, stack: Stack, bucket: str) -> None:
        self.stack, self.bucket, self.folder = stack, bucket, uuid.uuid4().hex

    def deliver(self, day: int, body: bytes | None = None, key: str = "", **said: Any) -> uploads.Traces:
        when = START + timedelta(days=day)
        key = key or f"orders/{when.date()}.csv"
        obj = uploads.put(self.stack, f"{self.folder}/{key}", body or content(day), self.bucket, **said)
        return self.process(replace(obj, uploaded_at=when))

    def process(self, obj: CsvObject) -> uploads.Traces:
        answer = self.stack.invoke(uploads.event(obj))
        assert not answer.failed, answer.payload
        traces = uploads.finished(self.stack, obj)
        schema.validate(traces.result)
        return traces

    def ask(self, operation: str, **words: Any) -> dict[str, Any]:
        answer = self.stack.operate({"operation": operation, "bucket": self.bucket, **words})
        assert not answer.failed, answer.payload
        payload: dict[str, Any] = answer.payload
        return payload


@pytest.fixture
def feed(stack: Stack, bucket: str) -> Feed:
    return Feed(stack, bucket)


def codes(traces: uploads.Traces) -> list[str]:
    return [remark["code"] for remark in traces.result["series"]["remarks"]]


def test_a_file_unlike_the_others_is_remarked_in_result_row_and_message(feed: Feed) -> None:
    for day in range(6):
        assert codes(feed.deliver(day)) == []
    odd = feed.deliver(6, content(6, rows=400, header="id,total"))
    assert odd.result["series"]["name"] == "#/orders/#-#-#.csv"
    assert odd.result["series"]["compared_with"] == 6
    assert codes(odd) == ["columns_renamed", "rows_unusual", "size_unusual"]
    assert odd.row["status"] == "succeeded"
    assert odd.row["series"] == "#/orders/#-#-#.csv"
    assert (odd.row["remarks"], odd.row["remark_count"]) == (odd.result["series"]["remarks"], 3)
    (message,) = odd.messages
    assert "'amount' is 'total' now" in message["message"]
    assert codes(feed.deliver(7)) == []


def test_the_files_compared_with_are_those_before_it_whenever_it_is_read(feed: Feed) -> None:
    for day in (0, 2):
        feed.deliver(day)
    assert feed.deliver(1, content(1, header="id,total")).result["series"]["compared_with"] == 1
    assert feed.deliver(3).result["series"]["compared_with"] == 3


def test_the_same_bytes_again_are_remarked(feed: Feed) -> None:
    feed.deliver(0, content(0))
    assert codes(feed.deliver(1, content(0))) == ["same_bytes"]


def test_a_tag_puts_a_file_into_another_series(feed: Feed) -> None:
    feed.deliver(0, key="north/1.csv", Tagging="csv-series=north")
    feed.deliver(1, content(1, header="other,names"), key="south/1.csv")
    tagged = feed.deliver(2, key="anything.csv", Tagging="csv-series=north")
    assert tagged.result["series"] == {"name": "north", "compared_with": 1, "remarks": []}
    assert tagged.row["series"] == "north"


def test_a_file_of_which_it_is_said_so_fails_if_it_is_unlike_the_others_and_can_be_accepted(
    feed: Feed,
) -> None:
    said: dict[str, Any] = {"Metadata": {"csv-series-remarks": "fail"}}
    feed.deliver(0, **said)
    odd = feed.deliver(1, content(1, header="id,total"), **said)
    assert odd.row["error_code"] == odd.result["error"]["code"] == "unlike_series"
    assert "csv-series-remarks=warn" in odd.result["error"]["message"]
    key, version = odd.row["filename"], odd.row["version_id"]
    feed.stack.client("s3").put_object_tagging(
        Bucket=feed.bucket,
        Key=key,
        VersionId=version,
        Tagging={"TagSet": [{"Key": "csv-series-remarks", "Value": "warn"}]},
    )
    again = feed.deliver(2, content(2, header="id,total"), **said)
    assert again.row["error_code"] == "unlike_series"  # a file that failed is no example
    assert feed.ask("replay", key=key)["status"] == "succeeded"
    assert feed.deliver(3, content(3, header="id,total"), **said).row["status"] == "succeeded"


def test_a_replay_is_compared_as_the_first_reading_was(feed: Feed) -> None:
    for day in range(3):
        feed.deliver(day)
    odd = feed.deliver(3, content(3, header="id,total"))
    feed.deliver(4, content(4, header="id,total"))
    feed.ask("replay", key=odd.row["filename"])
    (row,) = uploads.rows(
        feed.stack, CsvObject(feed.bucket, odd.row["filename"], odd.row["version_id"], "", 0, START)
    )
    assert [each["code"] for each in row["result"]["series"]["remarks"]] == ["columns_renamed"]
    assert row["result"]["series"]["compared_with"] == 3


def test_a_series_that_is_overdue_is_told_once_until_its_next_file_comes(feed: Feed) -> None:
    scheduled: dict[str, Any] = {"resume": True, "grace_seconds": 1_000_000_000}
    for day in range(6):
        feed.deliver(day)
    (late,) = feed.ask("late")["overdue"]
    assert (late["series"], late["interval_hours"]) == ("#/orders/#-#-#.csv", 24.0)
    assert late["due_at"] == "2025-03-07T18:00:00+00:00"
    for _ in range(2):
        feed.ask("reconcile", **scheduled)
    assert len(told(feed)) == 1
    feed.deliver(6)
    feed.ask("reconcile", **scheduled)
    first, second = told(feed)
    assert first["subject"] == "CSV overdue: 1 file"
    assert first["attributes"] == {"status": "overdue", "bucket": feed.bucket}
    assert (
        "#/orders/#-#-#.csv: the last file came 2025-03-06 06:00, the next was due 2025-03-07 18:00 UTC"
        in first["message"]
    )
    assert "2025-03-07 06:00" in second["message"]


def told(feed: Feed) -> list[dict[str, Any]]:
    return [
        each
        for each in feed.stack.messages()
        if each["attributes"] == {"status": "overdue", "bucket": feed.bucket}
    ]
