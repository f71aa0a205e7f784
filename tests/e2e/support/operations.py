"""Operations on an embedded stack, and what tests leave there for them."""

import uuid
from typing import Any

from function.domain import keys
from function.domain.model import CsvObject
from local.stack import Stack
from tests.support import uploads


def ask(stack: Stack, operation: str, **words: Any) -> dict[str, Any]:
    answer = stack.operate({"operation": operation, **words})
    assert not answer.failed, answer.payload
    payload: dict[str, Any] = answer.payload
    assert "error" not in payload, payload
    return payload


def refusal(stack: Stack, event: Any) -> str:
    """What is wrong with an event; the invocation itself succeeds."""
    answer = stack.operate(event)
    assert not answer.failed, answer.payload
    assert answer.payload.keys() == {"error"}, answer.payload
    error: str = answer.payload["error"]
    return error


def reconcile(stack: Stack, bucket: str, **words: Any) -> dict[str, Any]:
    return ask(stack, "reconcile", bucket=bucket, grace_seconds=0, **words)


def abandon(stack: Stack, obj: CsvObject) -> None:
    """What a worker leaves behind that died and whose event is lost."""
    uploads.query(
        stack,
        "INSERT INTO file_metadata (bucket, filename, version_id, etag, size_bytes, uploaded_at, stamped_name,"
        " claimed_by, claimed_until, received_at, started_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, 'dead', now() - interval '1 s', now(), now())",
        *(obj.bucket, keys.storable(obj.key), obj.version_id, obj.etag, obj.size, obj.uploaded_at),
        f"{uuid.uuid4()}.csv",
    )


def erase(stack: Stack, place: dict[str, str]) -> None:
    """Delete every version, as nobody should."""
    s3 = stack.client("s3")
    for each in s3.list_object_versions(Bucket=place["bucket"], Prefix=place["key"])["Versions"]:
        s3.delete_object(Bucket=place["bucket"], Key=each["Key"], VersionId=each["VersionId"])


def forget(stack: Stack, obj: CsvObject) -> None:
    """Let a test's lost cause not disturb the others."""
    uploads.query(stack, "DELETE FROM file_metadata WHERE version_id = $1", obj.version_id)
