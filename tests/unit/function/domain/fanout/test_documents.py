import json
from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from function.domain import events, fanout
from function.domain.fanout import MAX_PARTS
from function.domain.model import CsvObject, Upload
from tests.support.examples import OBJECT

UPLOADS = st.builds(
    CsvObject,
    bucket=st.from_regex(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", fullmatch=True),
    key=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300),
    version_id=st.text("abcXYZ019._-", min_size=1),
    etag=st.from_regex(r"[0-9a-f]{32}(-[0-9]{1,5})?|", fullmatch=True),
    size=st.integers(1, 5 * 1024**4),
    uploaded_at=st.datetimes(timezones=st.just(UTC)),
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
