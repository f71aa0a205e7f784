"""Fan-out of a large upload: the names of its execution, parts and intermediate results. Pure.

A part is a range of stored bytes that one invocation reads; an execution is one run of the state machine that
reads all parts of one upload and merges what they found.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Literal, Protocol, Self
from urllib.parse import quote_plus

from function.domain import keys
from function.domain.errors import EventError
from function.domain.model import CsvObject, Document, Upload

MEGABYTE = 1024**2
MAX_PARTS = 8_000
"""So many items fit into the 256 KB that a state may pass on ("Service quotas", AWS Step Functions)."""
Progress = Literal["running", "missing", "ended"]
"""How far an execution is; `missing`: it was never started."""
_WORK = "work"


class Plan(Protocol):
    """What was settled on the head of a file before its parts are read; only the reader looks into it."""

    @property
    def count(self) -> int:
        """The number of parts."""


def execution_name(row: int, attempts: int, upload: Upload) -> str:
    """The name of the execution that one attempt starts; a retry of that attempt arrives at the same.

    The digest keeps names apart where a restored database gives the number of a row a second time.
    """
    identity = f"{upload.bucket}/{upload.key}/{upload.version_id}/{upload.etag}"
    return f"{row}-{attempts}-{keys.version_mark(identity)}"


def plan_key(name: str) -> str:
    """Key, in the output bucket, of what all parts of an execution have in common."""
    return f"{_WORK}/{name}/plan.json"


def part_key(name: str, part: int) -> str:
    """Key, in the output bucket, of the result of one part."""
    return f"{_WORK}/{name}/parts/{part:05d}.json"


def merged_key(name: str) -> str:
    """Key, in the output bucket, of the merged result of all parts."""
    return f"{_WORK}/{name}/merged.json"


@dataclass(frozen=True, slots=True)
class Item:
    """One part to read, as the state machine passes it on: `name/part`, or `name/part/known`.

    Attributes:
        name: of the execution.
        part: number of the part, from 0.
        known: what is known of its start, in the words of the reader, which have no slash; None at first.
    """

    name: str
    part: int
    known: str | None = None

    def __str__(self) -> str:
        known = "" if self.known is None else f"/{self.known}"
        return f"{self.name}/{self.part}{known}"

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read an item.

        Raises:
            EventError: it is none.
        """
        name, part, *known = text.split("/") if isinstance(text, str) and "/" in text else ("", "")
        if not name or not (part.isascii() and part.isdecimal()) or len(known) > 1:
            raise EventError(f"not an item of an execution (name/part or name/part/known): {text!r}")
        return cls(name, int(part), *known)


def part_bytes(size: int, megabytes: int) -> int:
    """Bytes of one part: whole megabytes, as many as asked for, or more where that gives too many parts."""
    return max(megabytes, -(-size // (MAX_PARTS * MEGABYTE))) * MEGABYTE


def notification(upload: Upload) -> Document:
    """The S3 notification that `events.parse` reads as this upload."""
    item = {"key": quote_plus(upload.key, safe="/"), "size": upload.size, "eTag": upload.etag}
    if upload.version_id:
        item["versionId"] = upload.version_id
    moment = upload.uploaded_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {
        "Records": [
            {
                "eventSource": "aws:s3",
                "eventName": "ObjectCreated:Put",
                "eventTime": moment,
                "s3": {"bucket": {"name": upload.bucket}, "object": item},
            }
        ]
    }


def execution_input(name: str, obj: CsvObject, count: int) -> Document:
    """What an execution is started with; `event` is sent to the worker again if the execution fails."""
    return {"name": name, "count": count, "event": notification(obj)}


def parts_digest(digests: Iterable[bytes]) -> str:
    """Hex SHA-256 over the SHA-256 digests of all parts, in order: what S3 calls a composite checksum."""
    whole = hashlib.sha256()
    for digest in digests:
        whole.update(digest)
    return whole.hexdigest()
