"""The values that travel through the function; immutable, and free of any library."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from function.errors import FileError


@dataclass(frozen=True, slots=True)
class Upload:
    """An object as an event speaks of it.

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


@dataclass(frozen=True, slots=True)
class CsvObject(Upload):
    """One version of one object, pinned: the identity of an upload.

    Its `version_id` is never missing: `"null"` in a bucket that never had versioning.
    """

    version_id: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the bytes were read. The fields are those of `csv.dialect` in result.json."""

    delimiter: str = ","
    quote: str | None = '"'
    escape: str | None = None
    encoding: str = "utf-8"
    compression: str | None = None
    line_ending: str | None = None
    header: bool = True
    preamble_lines: int = 0


class ColumnType(StrEnum):
    """The narrowest type that every non-null value of a column has."""

    EMPTY = "empty"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    STRING = "string"


@dataclass(frozen=True, slots=True)
class Column:
    """One column over the whole file; `min` and `max` are the file's own text."""

    name: str
    type: ColumnType
    nulls: int
    min: str | None
    max: str | None


@dataclass(frozen=True, slots=True)
class Records:
    """What became of every line: the ledger behind the count."""

    parsed: int = 0
    rejected: int = 0
    blank: int = 0
    physical_lines: int = 0


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that could not be read; `line` is the physical line it starts on, from 1."""

    line: int
    reason: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What a scan found out about the content: the `csv` part of result.json."""

    columns: tuple[Column, ...]
    dialect: Dialect
    records: Records
    rejects: tuple[Reject, ...] = ()

    @property
    def rows(self) -> int:
        """Data records parsed, header excluded."""
        return self.records.parsed


@dataclass(frozen=True, slots=True)
class Scan:
    """The outcome of reading one object to its end.

    Attributes:
        sha256: hex digest of exactly the stored bytes that were read (before decompression).
        size: how many bytes that were.
        profile: what was found; may stand beside an error, then as far as it is known.
        error: why the file fails, if it does.
    """

    sha256: str
    size: int
    profile: Profile | None = None
    error: FileError | None = field(default=None)


@dataclass(frozen=True, slots=True)
class Message:
    """A notification; `attributes` are what subscribers of the shared topic filter by."""

    subject: str
    body: str
    attributes: dict[str, str]
