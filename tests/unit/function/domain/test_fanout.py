import hashlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from function.domain import events, fanout
from function.domain.errors import EventError
from function.domain.fanout import MAX_PARTS, MEGABYTE, Item
from function.domain.model import CsvObject, Upload
from tests.support.examples import OBJECT

NAMES = st.from_regex(r"[1-9][0-9]{0,9}-[1-9][0-9]{0,4}-[0-9a-f]{8}", fullmatch=True)
UPLOADS = st.builds(
    CsvObject,
    bucket=st.from_regex(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", fullmatch=True),
    key=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300),
    version_id=st.text("abcXYZ019._-", min_size=1),
    etag=st.from_regex(r"[0-9a-f]{32}(-[0-9]{1,5})?|", fullmatch=True),
    size=st.integers(1, 5 * 1024**4),
    uploaded_at=st.datetimes(datetime(2006, 3, 14), datetime(2100, 1, 1), timezones=st.just(UTC)),
)


@given(UPLOADS)
def test_the_notification_of_an_upload_is_read_as_that_upload(obj: CsvObject) -> None:
    [upload] = events.parse(json.loads(json.dumps(fanout.notification(obj))))
    assert isinstance(upload, Upload)
    fields = ("bucket", "key", "version_id", "etag", "size", "uploaded_at")
    assert [getattr(upload, name) for name in fields] == [getattr(obj, name) for name in fields]


def test_the_key_of_a_notification_is_written_as_s3_writes_it() -> None:
    obj = CsvObject("in", "a b/ü+%.csv", "v1", "e", 1, OBJECT.uploaded_at)
    record = fanout.notification(obj)["Records"][0]
    assert record["s3"]["object"]["key"] == "a+b/%C3%BC%2B%25.csv"
    assert record["eventTime"] == "2025-09-02T14:30:00.123000Z"


@given(UPLOADS)
def test_the_input_of_an_execution_is_small(obj: CsvObject) -> None:
    told = json.dumps(fanout.execution_input(fanout.execution_name(2**31, 2**31, obj), obj, MAX_PARTS))
    assert len(told) < 16_000


@given(NAMES, st.integers(0, MAX_PARTS - 1), st.none() | st.from_regex(r"[\w.,:+-]*", fullmatch=True))
def test_an_item_is_read_as_it_was_written(name: str, part: int, known: str | None) -> None:
    item = Item(name, part, known)
    assert Item.parse(str(item)) == item


@pytest.mark.parametrize(
    "text", ["", "name", "/1", "name/", "name/x", "name/-1", "name/1/2/3", "name/²", 7, {}]
)
def test_what_is_no_item_is_refused(text: object) -> None:
    with pytest.raises(EventError, match="not an item of an execution"):
        Item.parse(text)


@given(st.integers(0, 50 * 1024**4), st.integers(1, 1024))
def test_parts_are_of_whole_megabytes_and_never_too_many(size: int, megabytes: int) -> None:
    part = fanout.part_bytes(size, megabytes)
    assert part % MEGABYTE == 0
    assert part >= megabytes * MEGABYTE
    assert -(-size // part) <= MAX_PARTS
    if part > megabytes * MEGABYTE:  # no larger than it has to be
        assert -(-size // (part - MEGABYTE)) > MAX_PARTS


def test_the_name_of_an_execution_tells_row_and_attempt_and_is_another_for_another_version() -> None:
    name = fanout.execution_name(7, 2, OBJECT)
    assert name.startswith("7-2-")
    assert name == fanout.execution_name(7, 2, OBJECT)
    assert name != fanout.execution_name(7, 2, CsvObject("in", "k", "v2", "", 1, OBJECT.uploaded_at))
    assert "/" not in name


def test_the_keys_of_an_execution_are_its_own_and_in_the_order_of_its_parts() -> None:
    keys = [fanout.part_key("7-1-ab", part) for part in range(MAX_PARTS)]
    assert keys == sorted(keys)
    assert {*keys, fanout.plan_key("7-1-ab"), fanout.merged_key("7-1-ab")} == {
        key for key in [*keys, "work/7-1-ab/plan.json", "work/7-1-ab/merged.json"]
    }
    assert keys[3] == "work/7-1-ab/parts/00003.json"


def test_the_digest_of_parts_is_that_of_their_digests() -> None:
    parts = [hashlib.sha256(part).digest() for part in (b"one", b"two")]
    assert fanout.parts_digest(parts) == hashlib.sha256(b"".join(parts)).hexdigest()
    assert fanout.parts_digest(parts) != fanout.parts_digest(reversed(parts))
