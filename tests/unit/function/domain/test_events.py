import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from function.domain import events
from function.domain.errors import EventError
from function.domain.model import Upload

EVENTS = Path(__file__).parents[3] / "events"


def captured(name: str) -> Any:
    return json.loads((EVENTS / f"{name}.json").read_text())


def uploads(event: Any) -> list[Upload]:
    """What was parsed; raises the first that is no upload."""
    found = []
    for each in events.parse(event):
        if isinstance(each, EventError):
            raise each
        found.append(each)
    return found


def test_a_put_is_one_upload_with_its_version_and_time() -> None:
    assert events.parse(captured("put")) == (
        Upload(
            bucket="candidate-test-input",
            key="reports/data.csv",
            version_id="096fKKXTRTtl3on89fVO.nfljtsv6qko",
            etag="d41d8cd98f00b204e9800998ecf8427e",
            size=1024,
            uploaded_at=datetime(2025, 9, 2, 14, 30, 0, 123000, UTC),
        ),
    )


def test_several_records_stay_in_order_with_their_keys_decoded_and_folder_markers_left_out() -> None:
    assert [upload.key for upload in uploads(captured("several"))] == ["space plus+é%.csv", "a//b.csv"]


def test_a_record_without_a_version_leaves_the_version_open() -> None:
    assert uploads(captured("several"))[1].version_id is None


def test_the_test_event_that_s3_sends_first_is_no_upload() -> None:
    assert events.parse(captured("test_event")) == ()


def test_a_key_that_ends_with_a_slash_but_has_bytes_is_an_upload() -> None:
    event = captured("several")
    event["Records"][1]["s3"]["object"]["size"] = 5
    assert "folder/" in [upload.key for upload in uploads(event)]


@given(st.text(min_size=1, max_size=50).filter(lambda key: not key.endswith("/")))
def test_every_key_survives_the_encoding_of_notifications(key: str) -> None:
    event = captured("put")
    event["Records"][0]["s3"]["object"]["key"] = quote_plus(key)
    assert uploads(event)[0].key == key


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        ({}, "no Records in an event with no fields"),
        ({"detail": {}, "source": "aws.s3"}, "no Records in an event with detail, source"),
        ({"Records": []}, "no Records"),
        ({"Records": "x"}, "no Records"),
        (
            {"Records": [{"eventName": "ObjectRemoved:Delete"}]},
            r"Records\[0\] is a ObjectRemoved:Delete event",
        ),
        ({"Records": [{"eventName": "ObjectCreated:Put"}]}, r"Records\[0\] is not an S3 record: no 's3'"),
        (
            {"Records": [{"messageId": "1", "body": "{}"}]},
            r"Records\[0\] is not an S3 record: no 'eventName'",
        ),
        ({"Records": ["text"]}, r"Records\[0\] is not an S3 record"),
        ({"Records": [{"eventName": None}]}, r"Records\[0\] is not an S3 record"),
    ],
)
def test_what_is_not_a_notification_is_refused_with_its_place(event: Any, complaint: str) -> None:
    with pytest.raises(EventError, match=complaint):
        uploads(event)


def test_a_time_that_is_none_is_refused_with_its_place() -> None:
    event = captured("put")
    event["Records"][0]["eventTime"] = "yesterday"
    with pytest.raises(EventError, match=r"Records\[0\].*yesterday"):
        uploads(event)
