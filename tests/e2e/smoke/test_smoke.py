"""The smoke test: on a stack that works, and on stacks that each fail at another step."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from local.stack import Stack
from ops.smoke.advice import BACKUP, RESULT, ROW, UPLOAD, VERDICT
from tests.e2e.support.smoke import (
    INPUT,
    KEPT,
    OUTPUT,
    ROWS,
    STEPS,
    Smoke,
    assert_failed,
    erase,
    left,
    marks,
    no_topic,
    refuse_call,
    silence,
    trigger,
)
from tests.support import uploads
from tests.support.s3_proxy import S3Proxy

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_a_stack_that_works_passes_every_step_and_nothing_is_left(stack: Stack, smoke: Smoke) -> None:
    other = uploads.put(stack, "other/smoke.csv", b"a\n1\n")
    uploads.finished(stack, other)
    done = smoke()
    assert done.returncode == 0, done.stdout
    assert list(marks(done).items()) == [(step, "✓") for step in STEPS]
    assert "failed" not in done.stdout
    assert left(stack) == set()
    uploads.finished(stack, other).assert_exactly_once("succeeded")


def test_the_wait_is_told_on_stderr_and_the_mail_is_sent(stack: Stack, smoke: Smoke, proxy: S3Proxy) -> None:
    lock = "DO $$ BEGIN LOCK TABLE file_metadata IN EXCLUSIVE MODE; PERFORM pg_sleep(1.5); END $$"
    with ThreadPoolExecutor(1) as aside:

        def hold() -> None:
            aside.submit(uploads.query, stack, lock)
            time.sleep(0.5)  # for the lock to be there

        proxy.first["PUT", f"/{INPUT}/smoke/"] = hold
        done = smoke()
    (key,) = re.findall(r"s3://local-input/(smoke/\S+\.csv),", done.stdout)
    assert "no row yet" in done.stderr
    assert [key in each["message"] for each in stack.messages()].count(True) == 1


def test_every_test_has_a_file_of_its_own(stack: Stack, smoke: Smoke) -> None:
    told = [smoke().stdout for _ in range(2)]
    keys = [re.findall(r"s3://local-input/(smoke/\S+\.csv),", each) for each in told]
    assert keys[0] != keys[1]
    assert "identical" not in stack.messages()[-1]["message"]


def test_an_upload_that_is_refused(stack: Stack, smoke: Smoke, proxy: S3Proxy) -> None:
    proxy.refused.add(("PUT", f"/{INPUT}/smoke/"))
    done = smoke()
    assert_failed(done, UPLOAD, r"AccessDenied.*PutObject")
    assert "permissions " in done.stdout
    assert "pipeline doctor" in done.stdout
    assert left(stack) == set()


def test_an_upload_that_triggers_nothing_stays_and_is_named(
    stack: Stack, smoke: Smoke, s3: "S3Client"
) -> None:
    with silence(s3):
        done = smoke("--timeout", "2")
    assert_failed(done, VERDICT, "none within 2 s: no row yet", clean_up="-")
    assert re.search(
        r"^- clean-up .*stays: s3://local-input/smoke/\S+\.csv, version \S+$", done.stdout, re.MULTILINE
    )
    assert left(stack) == {INPUT}
    for command in (
        "pipeline doctor\n",
        "aws logs tail /aws/lambda/pipeline --since 15m --region us-east-1\n",
        f"aws sqs get-queue-attributes --queue-url {stack.dead_letter_queue_url} ",
        "aws cloudwatch describe-alarms --state-value ALARM --alarm-name-prefix pipeline --region us-east-1\n",
    ):
        assert command in done.stdout


def test_a_table_that_cannot_be_read_is_asked_until_the_time_is_up(stack: Stack, smoke: Smoke) -> None:
    stack.postgres.stop()
    done = smoke("--timeout", "2")
    stack.postgres.start()
    assert_failed(done, VERDICT, "the table cannot be read: TransientError: database at", clean_up="-")
    assert INPUT in left(stack)


def test_a_function_that_may_not_be_called_fails_at_once(
    stack: Stack, smoke: Smoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.support.lambda_api._Handler.do_POST", refuse_call)
    done = smoke()
    assert_failed(done, VERDICT, "AccessDeniedException", clean_up="-")
    assert INPUT in left(stack)


@pytest.mark.parametrize(
    ("change", "step", "complaint", "leftover"),
    [
        (
            "status := 'failed'; NEW.error_code := 'not_csv'; NEW.error_message := 'no table'",
            ROW,
            "status is failed: not_csv: no table",
            set(),
        ),
        ("row_count := 24", ROW, "row_count is 24, and the file has 25 rows", set()),
        ("notified_at := NULL", ROW, "notified_at is empty", set()),
        ("result_key := NULL", RESULT, "the row's result_key is empty", {OUTPUT}),
        ("backup_key := NULL", BACKUP, "the row's backup_key is empty", {KEPT}),
    ],
)
def test_a_row_that_is_not_as_it_should_be(
    stack: Stack, smoke: Smoke, *, change: str, step: str, complaint: str, leftover: set[str]
) -> None:
    with trigger(stack, f"IF NEW.finished_at IS NOT NULL THEN NEW.{change}; END IF"):
        done = smoke()
    assert_failed(done, step, complaint)
    assert "aws logs tail" in done.stdout
    assert left(stack) == leftover


def test_a_message_that_cannot_be_sent_leaves_the_file_to_the_function(stack: Stack, smoke: Smoke) -> None:
    with no_topic(stack):
        done = smoke("--timeout", "3")
        stack.settle()
    assert_failed(done, ROW, "notified_at is empty: the message could not be sent", clean_up="-")
    assert "succeeded, not delivered, attempt 1" in done.stderr
    assert left(stack) == {INPUT, OUTPUT, KEPT, ROWS}


@pytest.mark.parametrize(
    ("bucket", "path", "step"),
    [(OUTPUT, "results/smoke/", RESULT), (KEPT, "backup/smoke/", BACKUP)],
)
def test_an_output_that_is_missing(
    stack: Stack, smoke: Smoke, proxy: S3Proxy, *, bucket: str, path: str, step: str
) -> None:
    proxy.first["GET", f"/{bucket}/{path}"] = lambda: erase(stack, bucket)
    assert_failed(smoke(), step, rf"s3://{bucket}/{path}\S+: .*NoSuchKey")
    assert left(stack) == set()


@pytest.mark.parametrize(
    ("bucket", "path", "step", "content", "complaint"),
    [
        (
            OUTPUT,
            "results/smoke/",
            RESULT,
            b'{"schema_version": 1}',
            r"result\.schema\.json: \$: '\w+' is a req",
        ),
        (OUTPUT, "results/smoke/", RESULT, b"{", "it is not JSON"),
        (KEPT, "backup/smoke/", BACKUP, b"other", r"it has ETag 795f3202\w+, the upload \w+"),
    ],
)
def test_an_output_that_is_wrong(
    stack: Stack,
    smoke: Smoke,
    proxy: S3Proxy,
    *,
    bucket: str,
    path: str,
    step: str,
    content: bytes,
    complaint: str,
) -> None:
    def replace() -> None:
        client = stack.client("s3")
        for each in client.list_objects_v2(Bucket=bucket, Prefix=path)["Contents"]:
            client.put_object(Bucket=bucket, Key=each["Key"], Body=content)

    proxy.first["GET", f"/{bucket}/{path}"] = replace
    assert_failed(smoke(), step, complaint)
    assert left(stack) == set()
