"""What a smoke test prints and leaves, and ways to break the stack under it."""

import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from local.stack import Stack
from ops.smoke.advice import BACKUP, CLEAN_UP, RESULT, ROW, UPLOAD, VERDICT
from tests.support import uploads

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


STEPS = [UPLOAD, VERDICT, ROW, RESULT, BACKUP, CLEAN_UP]
INPUT, OUTPUT, KEPT = "local-input", "local-output", "local-backup"
ROWS = "file_metadata"
Done = subprocess.CompletedProcess[str]


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


Smoke = Callable[..., Done]
