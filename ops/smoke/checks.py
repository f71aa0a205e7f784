"""Checks of row, result and backup of the smoke test's file. Pure: each returns a fault, or None."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ops.smoke.sample import Sample

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

# Read from the checkout, which Pulumi needs as well.
_SCHEMA = Path(__file__).parents[2] / "docs" / "result.schema.json"

Row = dict[str, Any]
"""A row of file_metadata without `result`, as the operation `history` returns it."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An object as S3 says it is.

    Attributes:
        etag: the MD5 of the content in hexadecimal digits, unless KMS encrypts it.
        encryption: AES256, aws:kms or aws:kms:dsse.
    """

    content: bytes
    etag: str
    encryption: str


def row_fault(row: Row, sample: Sample) -> str | None:
    """Status, count and notification."""
    if row["status"] != "succeeded":
        return f"status is {row['status']}: {row['error_code']}: {row['error_message']}"
    if row["row_count"] != sample.rows:
        return f"row_count is {row['row_count']}, but the file has {sample.rows} rows"
    if row["notified_at"] is None:
        return "notified_at is empty: the message could not be sent to the topic"
    return None


def result_fault(content: bytes, row: Row, sample: Sample) -> str | None:
    """Valid against docs/result.schema.json, and about this upload."""
    from jsonschema.exceptions import best_match  # noqa: PLC0415 100 ms, and no other command needs it

    try:
        document = json.loads(content)
    except ValueError as error:
        return f"it is not JSON: {error}"
    if wrong := best_match(_validator().iter_errors(document)):
        return f"it is not valid against docs/result.schema.json: {wrong.json_path}: {wrong.message}"
    if document["source"]["version_id"] != row["version_id"]:
        return f"it is about version {document['source']['version_id']}, not {row['version_id']}"
    if document["status"] != "succeeded" or document["csv"]["rows"] != sample.rows:
        return f"its status or row count is wrong: {document['status']}, and the file has {sample.rows} rows"
    return None


def backup_fault(backup: Stored, sent: Stored) -> str | None:
    """The same ETag; with KMS, where the ETag does not depend on the content alone, the same content."""
    if {backup.encryption, sent.encryption} <= {"AES256"}:
        same, what = backup.etag == sent.etag, f"ETag {backup.etag}, the upload {sent.etag}"
    else:
        same, what = backup.content == sent.content, "different content from the upload"
    return None if same else f"it has {what}"


@functools.cache
def _validator() -> "Draft202012Validator":
    from jsonschema import Draft202012Validator  # noqa: PLC0415 likewise

    return Draft202012Validator(json.loads(_SCHEMA.read_text(encoding="utf-8")))
