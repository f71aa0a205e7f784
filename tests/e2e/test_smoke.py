"""The smoke test: on a stack that works, and on stacks that each fail at another step."""

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local.stack import Stack
from ops.smoke.advice import BACKUP, CLEAN_UP, RESULT, ROW, UPLOAD, VERDICT
from tests.support import deployed, uploads
from tests.support.lambda_api import lambda_api
from tests.support.s3_proxy import S3Proxy, s3_proxy

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

STEPS = [UPLOAD, VERDICT, ROW, RESULT, BACKUP, CLEAN_UP]
INPUT, OUTPUT, KEPT = "local-input", "local-output", "local-backup"
ROWS = "file_metadata"
Done = subprocess.CompletedProcess[str]
Smoke = Callable[..., Done]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A stack of these tests' own, that gives an event up at once."""
    with Stack(retry_delays=()) as running:
        yield running


@pytest.fixture(scope="module")
def s3(stack: Stack) -> "S3Client":
    return stack.client("s3")


@pytest.fixture
def proxy(stack: Stack) -> Iterator[S3Proxy]:
    """What the command takes for S3; the function has the true one."""
    with s3_proxy(stack.environment["AWS_ENDPOINT_URL"]) as server:
        yield server


@pytest.fixture
def smoke(stack: Stack, proxy: S3Proxy, tmp_path: Path) -> Iterator[Smoke]:
    with lambda_api(stack) as api:
        pipeline = deployed.pipeline(stack, api, tmp_path, deployed.outputs(stack))
        yield lambda *more: pipeline("smoke", *more, AWS_ENDPOINT_URL_S3=proxy.url)
    stack.settle()
    for bucket in (INPUT, OUTPUT, KEPT):
        erase(stack, bucket)
    uploads.query(stack, "DELETE FROM file_metadata WHERE filename LIKE 'smoke/%'")


def erase(stack: Stack, bucket: str) -> None:
    client = stack.client("s3")
    for kind in ("Versions", "DeleteMarkers"):
        for each in client.list_object_versions(Bucket=bucket).get(kind, []):  # type: ignore[attr-defined]
            if "smoke/" in each["Key"]:
                client.delete_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])


def left(stack: Stack) -> set[str]:
    """Where anything of a smoke test's file is left: buckets, by version or delete marker, and the table."""
    client = stack.client("s3")
    pages = {bucket: client.list_object_versions(Bucket=bucket) for bucket in (INPUT, OUTPUT, KEPT)}
    found = {
        bucket
        for bucket, page in pages.items()
        for each in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        if "smoke/" in each["Key"]
    }
    if uploads.query(stack, "SELECT 1 FROM file_metadata WHERE filename LIKE 'smoke/%'"):
        found.add(ROWS)
    return found


def marks(done: Done) -> dict[str, str]:
    """The mark of each step, in the order in which they were printed."""
    steps = re.findall(r"^([✓✗-]) (\S+) +\d+\.\d\d s  .", done.stdout, re.MULTILINE)
    return {name: mark for mark, name in steps}


def assert_failed(done: Done, step: str, complaint: str, clean_up: str = "✓") -> None:
    """The steps before it are good, it is named with the reason, and none is taken after it but the last."""
    assert done.returncode == 1, done.stderr
    expected = dict.fromkeys(STEPS[: STEPS.index(step)], "✓") | {step: "✗"}
    if step not in {UPLOAD, CLEAN_UP}:
        expected[CLEAN_UP] = clean_up
    assert list(marks(done).items()) == list(expected.items()), done.stdout
    assert re.search(rf"^✗ {step} .*{complaint}", done.stdout, re.MULTILINE), done.stdout
    assert f"The first step that failed: {step}. Look at\n" in done.stdout


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


def test_a_delete_marker_is_removed_too_and_a_key_that_goes_on_is_left_alone(
    stack: Stack, smoke: Smoke, proxy: S3Proxy, s3: "S3Client"
) -> None:
    def hide() -> None:
        (each,) = s3.list_objects_v2(Bucket=KEPT, Prefix="backup/smoke/")["Contents"]
        s3.delete_object(Bucket=KEPT, Key=each["Key"])
        s3.put_object(Bucket=KEPT, Key=f"{each['Key']}.other", Body=b"other")

    proxy.first["GET", f"/{KEPT}/backup/smoke/"] = hide
    assert_failed(smoke(), BACKUP, "NoSuchKey")
    page = s3.list_object_versions(Bucket=KEPT, Prefix="backup/smoke/")
    assert [each["Key"].endswith(".other") for each in page["Versions"]] == [True]
    assert "DeleteMarkers" not in page


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


@pytest.mark.parametrize("bucket", [INPUT, OUTPUT, KEPT])
def test_an_object_that_may_not_be_removed_keeps_its_row(
    stack: Stack, smoke: Smoke, proxy: S3Proxy, bucket: str
) -> None:
    proxy.refused.add(("DELETE", f"/{bucket}/"))
    done = smoke()
    assert_failed(done, CLEAN_UP, rf"s3://{bucket}/\S+ stays: .*AccessDenied.*; so the row stays, too")
    assert "left behind " in done.stdout
    assert left(stack) == {bucket, ROWS}


def test_a_row_that_cannot_be_removed(stack: Stack, smoke: Smoke) -> None:
    what = "EXECUTE ON FUNCTION forget_smoke(TEXT, TEXT)"
    uploads.query(stack, f"REVOKE {what} FROM csv_pipeline")
    done = smoke()
    uploads.query(stack, f"GRANT {what} TO csv_pipeline")
    assert_failed(done, CLEAN_UP, "permission denied for function forget_smoke")
    assert left(stack) == {ROWS}


def test_a_row_that_was_reopened_meanwhile_is_not_removed(stack: Stack, smoke: Smoke, proxy: S3Proxy) -> None:
    proxy.first["DELETE", f"/{INPUT}/"] = lambda: uploads.query(
        stack, "UPDATE file_metadata SET finished_at = NULL WHERE filename LIKE 'smoke/%'"
    )
    assert_failed(smoke(), CLEAN_UP, "forget: s3://local-input/smoke/.*: it is not finished")
    assert left(stack) == {ROWS}


def test_the_first_step_is_named_when_the_clean_up_fails_too(
    stack: Stack, smoke: Smoke, proxy: S3Proxy
) -> None:
    proxy.first["GET", f"/{KEPT}/backup/smoke/"] = lambda: erase(stack, KEPT)
    proxy.refused.add(("DELETE", f"/{OUTPUT}/"))
    done = smoke()
    assert_failed(done, BACKUP, "NoSuchKey", clean_up="✗")
    assert left(stack) == {OUTPUT, ROWS}


@contextmanager
def silence(s3: "S3Client") -> Iterator[None]:
    """An input bucket that notifies nobody."""
    told = s3.get_bucket_notification_configuration(Bucket=INPUT)
    s3.put_bucket_notification_configuration(Bucket=INPUT, NotificationConfiguration={})
    yield
    s3.put_bucket_notification_configuration(
        Bucket=INPUT, NotificationConfiguration={"QueueConfigurations": told["QueueConfigurations"]}
    )


@contextmanager
def trigger(stack: Stack, body: str) -> Iterator[None]:
    """A table that does this with every row that is written."""
    function = (
        f"CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {body}; RETURN NEW; END$$"
    )
    with ExitStack() as undone:
        uploads.query(stack, function)
        undone.callback(uploads.query, stack, "DROP FUNCTION broken CASCADE")
        uploads.query(
            stack,
            "CREATE TRIGGER broken BEFORE UPDATE ON file_metadata FOR EACH ROW EXECUTE FUNCTION broken()",
        )
        yield


@contextmanager
def no_topic(stack: Stack) -> Iterator[None]:
    """A stack whose topic is gone."""
    sns, arn = stack.client("sns"), stack.names.topic_arn
    (subscribed,) = sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]
    sns.delete_topic(TopicArn=arn)
    yield
    assert sns.create_topic(Name=arn.rsplit(":", 1)[-1])["TopicArn"] == arn
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=subscribed["Endpoint"])


def refuse_call(handler: Any) -> None:
    handler.rfile.read(int(handler.headers["Content-Length"]))
    handler._answer(403, {"__type": "AccessDeniedException", "message": "not authorized to invoke"})
