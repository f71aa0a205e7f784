import pytest

from local.stack import Stack
from tests.support import uploads

BODY = bytes(range(200))


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("bytes=10-19", 10, 19), ("bytes=190-", 190, 199), ("bytes=0-0", 0, 0), ("bytes=150-900", 150, 199)],
)
def test_a_range_of_a_version_is_that_of_s3(stack: Stack, wanted: str, first: int, last: int) -> None:
    obj = uploads.put(stack, "ranged.bin", BODY, stack.names.backup_bucket)
    uploads.put(stack, "ranged.bin", b"newer", stack.names.backup_bucket)
    answer = uploads.s3(stack).get_object(
        Bucket=obj.bucket, Key=obj.key, VersionId=obj.version_id, Range=wanted
    )
    assert answer["Body"].read() == BODY[first : last + 1]
    assert answer["ContentLength"] == last + 1 - first
    assert answer["ContentRange"] == f"bytes {first}-{last}/200"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 206


def test_a_version_without_a_range_comes_whole(stack: Stack) -> None:
    obj = uploads.put(stack, "whole.bin", BODY, stack.names.backup_bucket)
    answer = uploads.s3(stack).get_object(Bucket=obj.bucket, Key=obj.key, VersionId=obj.version_id)
    assert (answer["Body"].read(), answer["ResponseMetadata"]["HTTPStatusCode"]) == (BODY, 200)


def test_a_refusal_of_a_range_stays_one(stack: Stack) -> None:
    client = uploads.s3(stack)
    obj = uploads.put(stack, "refused.bin", BODY, stack.names.backup_bucket)
    with pytest.raises(client.exceptions.ClientError, match="PreconditionFailed"):
        client.get_object(
            Bucket=obj.bucket, Key=obj.key, VersionId=obj.version_id, Range="bytes=1-2", IfMatch='"other"'
        )
