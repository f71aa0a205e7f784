"""Uploads through the real runtime, one verdict each."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from function.domain import keys
from local.stack import Stack
from tests.support import uploads
from tests.support.uploads import DOUBTFUL, GOOD

LONGEST = "k" * 996 + ".csv"


@pytest.mark.parametrize(
    "key",
    [
        "space plus+é%.csv",
        "a//b.csv",
        "日本/データ.csv",
        "percent%2Fencoded+%20.csv",
        "quote'\"<&>.csv",
        "no suffix",
        LONGEST,
        "é" * 510 + ".csv",
        "d" * 500 + "/" + "n" * 519 + ".csv",
    ],
    ids=lambda key: key if len(key) < 50 else f"{key[:3]}…, {len(key)} characters",
)
def test_any_key_ends_in_one_row_one_result_one_backup_and_one_message(stack: Stack, key: str) -> None:
    obj = uploads.put(stack, key, GOOD)
    traces = uploads.finished(stack, obj)
    traces.assert_exactly_once("succeeded")
    assert traces.row["filename"] == key
    assert traces.row["row_count"] == 2
    assert traces.body == GOOD


@pytest.mark.parametrize("key", ["nul\0, at the end\0", "both␀\0␛.csv"])
def test_a_key_with_a_nul_has_a_verdict_and_is_named_with_a_sign_for_it(stack: Stack, key: str) -> None:
    traces = uploads.finished(stack, uploads.put(stack, key, GOOD))
    traces.assert_exactly_once("succeeded")
    assert "\0" not in traces.row["filename"]
    assert keys.original(traces.row["filename"]) == key
    assert traces.result["source"]["key"] == traces.row["filename"]
    assert traces.row["backup_key"].endswith(f"_{traces.row['filename']}")
    assert traces.body == GOOD


def test_an_empty_object_fails_as_empty_and_is_backed_up_all_the_same(stack: Stack) -> None:
    traces = uploads.finished(stack, uploads.put(stack, "empty.csv", b""))
    traces.assert_exactly_once("failed")
    assert traces.row["error_code"] == "empty_file"
    assert traces.body == b""


def test_an_empty_version_that_the_whole_one_follows_at_once_sends_no_message(stack: Stack) -> None:
    empty = uploads.put(stack, "mounted.csv", b"")
    whole = uploads.put(stack, "mounted.csv", GOOD)
    uploads.finished(stack, whole).assert_exactly_once("succeeded")
    traces = uploads.finished(stack, empty)
    assert (traces.row["status"], traces.row["error_code"], traces.row["notified_at"]) == (
        *("failed", "empty_file"), None,
    )  # fmt: skip
    assert traces.result["source"]["superseded_by"]["version_id"] == whole.version_id
    assert traces.body == b""
    assert not traces.messages


def test_a_header_alone_is_a_table_of_no_rows(stack: Stack) -> None:
    traces = uploads.finished(stack, uploads.put(stack, "header.csv", b"id,name\n"))
    traces.assert_exactly_once("succeeded")
    assert traces.row["row_count"] == 0
    assert traces.row["column_count"] == 2


def test_a_bad_file_fails_with_its_line_and_is_not_tried_again(stack: Stack) -> None:
    obj = uploads.put(stack, "bad.csv", b'id,name\n1,"never closed\n' + b"2,b\n" * 100)
    traces = uploads.finished(stack, obj)
    traces.assert_exactly_once("failed")
    assert traces.result["error"]["line"] == 2
    assert traces.row["attempts"] == 1
    assert not stack.dead_letters()


def test_a_doubt_reaches_message_row_and_log_without_failing_the_file(stack: Stack) -> None:
    obj = uploads.put(stack, "doubtful.csv", DOUBTFUL)
    traces = uploads.finished(stack, obj)
    traces.assert_exactly_once("succeeded")
    assert traces.row["warning_count"] == 1
    assert traces.row["warnings"] == traces.result["csv"]["warnings"]
    (message,) = traces.messages
    assert "with 1 doubt, " in message["subject"]
    assert f"Doubt      line 22: {traces.row['warnings'][0]['message']}" in message["message"]
    line = next(each for each in stack.log.read_text().splitlines() if obj.version_id in each)
    assert json.loads(line)["doubts"] == 1


@pytest.mark.parametrize(("said", "status"), [("0", "failed"), ("1", "succeeded")])
def test_an_uploader_can_make_doubts_fatal(stack: Stack, said: str, status: str) -> None:
    obj = uploads.put(stack, f"at-most-{said}.csv", DOUBTFUL, Metadata={"csv-max-doubts": said})
    traces = uploads.finished(stack, obj)
    traces.assert_exactly_once(status)
    error = traces.result["error"]
    assert (error and (error["code"], error["line"])) == (("doubtful", 22) if status == "failed" else None)
    assert traces.row["warning_count"] == 1
    assert not stack.dead_letters()


def test_a_folder_marker_is_nobodys_upload(stack: Stack) -> None:
    marker = uploads.put(stack, "folder/", b"")
    stack.settle()
    assert not uploads.rows(stack, marker)
    assert not stack.dead_letters()


def test_a_new_version_of_a_key_is_a_new_row_with_a_backup_of_its_own(stack: Stack) -> None:
    first = uploads.put(stack, "twice.csv", b"a\n1\n")
    second = uploads.put(stack, "twice.csv", b"a\n1\n2\n")
    for obj, count in ((first, 1), (second, 2)):
        traces = uploads.finished(stack, obj)
        traces.assert_exactly_once("succeeded")
        assert traces.row["row_count"] == count
        assert len(traces.body) == obj.size


def test_a_file_and_the_same_file_packed_have_the_same_content(stack: Stack) -> None:
    plain = uploads.finished(stack, uploads.put(stack, "plain.csv", GOOD)).result["csv"]
    packed = uploads.finished(stack, uploads.put(stack, "packed.csv.gz", gzip.compress(GOOD))).result["csv"]
    assert packed["dialect"].pop("compression") == "gzip"
    assert plain["dialect"].pop("compression") is None
    assert packed == plain


def test_one_event_sent_three_times_at_once_is_one_file(stack: Stack) -> None:
    obj = uploads.put(stack, "thrice.csv", GOOD)
    with ThreadPoolExecutor(3) as senders:
        list(senders.map(stack.send, [uploads.event(obj)] * 3))
    uploads.finished(stack, obj).assert_exactly_once("succeeded")
    assert not stack.dead_letters()


def test_an_event_that_comes_again_after_the_end_does_nothing(stack: Stack) -> None:
    obj = uploads.put(stack, "late.csv", GOOD)
    uploads.finished(stack, obj).assert_exactly_once("succeeded")
    answer = stack.invoke(uploads.event(obj))
    assert answer.payload[0]["repeated"] is True
    traces = uploads.traces(stack, obj)
    traces.assert_exactly_once("succeeded")
    assert traces.row["attempts"] == 1


def test_an_event_without_a_version_is_pinned_to_the_one_that_is_there(stack: Stack) -> None:
    obj = uploads.put(stack, "unversioned.csv", GOOD)
    uploads.finished(stack, obj)
    event = uploads.event(obj)
    del event["Records"][0]["s3"]["object"]["versionId"]
    assert stack.invoke(event).payload[0] == {
        "key": obj.key,
        "version_id": obj.version_id,
        "status": "succeeded",
        "rows": None,
        "doubts": None,
        "doubt_codes": "",
        "remarks": 0,
        "remark_codes": "",
        "error_code": None,
        "repeated": True,
        "execution": None,
    }


def test_of_several_records_a_bad_one_does_not_stop_the_others(stack: Stack) -> None:
    good = uploads.put(stack, "several-good.csv", GOOD)
    bad = uploads.put(stack, "several-bad.csv", b"")
    for obj in (good, bad):
        uploads.finished(stack, obj)
    both = {"Records": [*uploads.event(bad)["Records"], *uploads.event(good)["Records"]]}
    statuses = [each["status"] for each in stack.invoke(both).payload]
    assert statuses == ["failed", "succeeded"]


def test_what_is_no_notification_is_refused_aloud(stack: Stack) -> None:
    answer = stack.invoke({"detail": {}})
    assert answer.failed
    assert answer.payload["errorType"] == "EventError"
    assert "no Records" in answer.payload["errorMessage"]
