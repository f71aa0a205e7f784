"""The values that travel through the function; immutable, and free of any library."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

Document = dict[str, Any]
"""A parsed result.json; its shape is docs/result.schema.json."""


@dataclass(frozen=True, slots=True)
class Upload:
    """An object as an event names it.

    Attributes:
        bucket: name of the input bucket.
        key: the decoded object key, at most 1,024 bytes of UTF-8.
        version_id: the S3 version, if the event names it.
        etag: entity tag without its quotation marks; may be empty.
        size: bytes stored.
        uploaded_at: the event's own time, UTC; every derived name comes from it.
    """

    bucket: str
    key: str
    version_id: str | None
    etag: str
    size: int
    uploaded_at: datetime

    @property
    def is_folder_marker(self) -> bool:
        """An empty object whose key ends in a slash: consoles create it for a folder; it is not an upload."""
        return self.key.endswith("/") and self.size == 0


@dataclass(frozen=True, slots=True)
class CsvObject(Upload):
    """One version of one object, pinned: the identity of an upload.

    Its `version_id` is never missing: `"null"` in a bucket that never had versioning.
    """

    version_id: str


class Effect(StrEnum):
    """The effects that leave an object behind."""

    RESULT = "result"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Deadline:
    """When to stop reading.

    Attributes:
        at: on the clock of `time.monotonic`.
        final: whether a file that is not read by then has had all the time there is, and fails. If the time
            was shared with other files, it is left to an invocation of its own instead.
    """

    at: float
    final: bool = True


@dataclass(frozen=True, slots=True)
class Effects:
    """Which of the three effects of a verdict are known to be done."""

    result: bool = False
    backup: bool = False
    notified: bool = False

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do."""
        return self.result and self.backup and self.notified


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on an object version until the lease ends, and what earlier attempts left.

    Attributes:
        row: id in file_metadata.
        owner: the invocation, or the execution, that holds the claim.
        stamped_name: what result and backup are named after.
        received_at: when the first event arrived.
        attempts: how often the object version was claimed, this time included; every write is fenced by it.
        replays: how often an operator replayed it; a replay overwrites an existing result.
        result: the recorded result.json, if an earlier attempt got that far.
        effects: what earlier attempts are known to have delivered.
        past: the earlier files of its series, by its key, the latest first; see `FileSummary.read`.
        contract: {"prefix", "version", "schema"} of the longest prefix of its key that has one.
    """

    row: int
    owner: str
    stamped_name: str
    received_at: datetime
    attempts: int
    replays: int
    result: Document | None
    effects: Effects
    past: Sequence[Sequence[Any]] = ()
    contract: Document | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Another owner works on the object version; its lease ends at `until` unless it is renewed.

    `execution` is its name, if that is an execution of the state machine.
    """

    until: datetime
    execution: str | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """Everything was done before; `status` is the verdict."""

    status: str


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An unfinished row that no worker has claimed.

    Attributes:
        row: id in file_metadata.
        attempts: how often the object version was claimed.
        upload: the object version.
        execution: the last one that had the claim, if one had.
        held: whether it has it still: its lease has not ended.
    """

    row: int
    attempts: int
    upload: Upload
    execution: str | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class Delivered:
    """A row that says that an object of a certain key was delivered for an upload."""

    row: int
    key: str
    upload: Upload


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one delivery did.

    Attributes:
        effects: those with which nothing is left to do.
        faults: one for each effect that failed.
        backup_lost: the version was deleted before it could be copied, so that there is no backup.
    """

    effects: Effects
    faults: tuple[Exception, ...] = ()
    backup_lost: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A notification; `attributes` are what subscribers of the shared topic filter by."""

    subject: str
    body: str
    attributes: dict[str, str]
