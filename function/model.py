"""The values that travel through the function; immutable, and free of any library."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from function.errors import FileError

Document = dict[str, Any]
"""A parsed result.json; its shape is docs/result.schema.json."""


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

    @property
    def is_folder_marker(self) -> bool:
        """An empty object with a final slash is what consoles make for a folder: nobody's upload."""
        return self.key.endswith("/") and self.size == 0


@dataclass(frozen=True, slots=True)
class CsvObject(Upload):
    """One version of one object, pinned: the identity of an upload.

    Its `version_id` is never missing: `"null"` in a bucket that never had versioning.
    """

    version_id: str


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator or the uploader says about a file; an explicit word beats every guess.

    Attributes:
        delimiter, quote, encoding: as in `Dialect`, no quote being ""; None lets the scan find out.
        header: whether the first record names the columns; None lets the scan find out.
        max_rejected: how many records may be rejected or damaged before the file fails; None: any number.
        max_ragged: how many records may be ragged before the file fails; None: any number.
    """

    delimiter: str | None = None
    quote: str | None = None
    encoding: str | None = None
    header: bool | None = None
    max_rejected: int | None = 0
    max_ragged: int | None = 0


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the bytes were read. The fields are those of `csv.dialect` in result.json.

    Attributes:
        delimiter: one or more characters between fields; of a single column one that does not occur.
        quote: the character around quoted fields, doubled inside them.
        escape: the character that takes the meaning from the next one, if the file has such.
        encoding: by its usual name, e.g. `utf-8`, `utf-8-sig`, `cp1252`.
        compression: `gzip`, `zstd`, `bzip2`, `xz`, `zip` or None.
        line_ending: how most records end: LF, CRLF or CR; None if the file has no line end.
        header: whether the first record names the columns.
        header_confidence: how sure that is, 0.5 to 1.
        preamble_lines: physical lines before the table.
    """

    delimiter: str = ","
    quote: str | None = '"'
    escape: str | None = None
    encoding: str = "utf-8"
    compression: str | None = None
    line_ending: str | None = None
    header: bool = True
    header_confidence: float = 1.0
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
    """One column over the whole file.

    Attributes:
        name: as in the header, else `column_1`, `column_2`, ...
        type: what every non-null value is.
        nulls: how many values are the empty field.
        min, max: the smallest and largest value in the order of `type`, in the file's own text.
        distinct: estimate of the number of different values, exact while few.
        longest: the longest value, in bytes of UTF-8.
        format: how dates and times are written, e.g. `YYYY-MM-DD`; None for other types.
    """

    name: str
    type: ColumnType
    nulls: int
    min: str | None
    max: str | None
    distinct: int = 0
    longest: int = 0
    format: str | None = None


class Use(StrEnum):
    """What a physical line of the file is."""

    PREAMBLE = "preamble"
    HEADER = "header"
    RECORD = "record"
    REJECTED = "rejected"
    BLANK = "blank"
    COMMENT = "comment"
    FOOTER = "footer"
    OTHER_TABLE = "other_table"


class Finding(StrEnum):
    """What can be remarkable about a place in the file; docs/reading.md explains each."""

    WIDE_PREAMBLE = "wide_preamble"
    SHORT_HEADER = "short_header"
    SHORT_RECORD = "short_record"
    LONG_RECORD = "long_record"
    STRAY_QUOTE = "stray_quote"
    UNCLOSED_QUOTE = "unclosed_quote"
    COMMENTED_RECORD = "commented_record"
    ODD_QUOTE = "odd_quote"
    BROKEN_RECORD = "broken_record"
    OTHER_SHAPE = "other_shape"
    SWALLOWED_LINES = "swallowed_lines"
    PADDED_QUOTE = "padded_quote"
    BINARY = "binary"
    REPLACED_BYTES = "replaced_bytes"
    REPLACED_CHARACTERS = "replaced_characters"
    REPEATED_HEADER = "repeated_header"
    OTHER_TABLE = "other_table"
    FOOTER = "footer"


@dataclass(frozen=True, slots=True)
class Sample:
    """A place in the file where something was found.

    Attributes:
        finding: what.
        line: physical line, from 1.
        offset: bytes before it in the text as UTF-8, without a byte order mark.
        excerpt: how the record there starts.
    """

    finding: Finding
    line: int
    offset: int
    excerpt: str


@dataclass(frozen=True, slots=True)
class Caution:
    """A reason to doubt the count: an entry of `csv.warnings`."""

    code: str
    count: int
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """What became of every record, and of every line: the ledger behind the count.

    Attributes:
        parsed: data records, the ragged and the damaged among them.
        rejected: records that are no text.
        ragged: records with more or fewer fields than the table has columns.
        damaged: records whose quotes had to be repaired.
        blank: lines without content.
        physical_lines: lines in the file, of whatever use.
        lines: physical lines by use; their sum is `physical_lines`.
    """

    parsed: int = 0
    rejected: int = 0
    ragged: int = 0
    damaged: int = 0
    blank: int = 0
    physical_lines: int = 0
    lines: Mapping[Use, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that could not be read; `line` is the physical line it starts on, from 1."""

    line: int
    reason: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What a scan found out about the content: the `csv` part of result.json.

    Attributes:
        findings: how often each remarkable thing was found.
        samples: where, the first few of each.
        warnings: reasons to doubt the count.
    """

    columns: tuple[Column, ...]
    dialect: Dialect
    records: Records
    rejects: tuple[Reject, ...] = ()
    findings: Mapping[Finding, int] = field(default_factory=dict)
    samples: tuple[Sample, ...] = ()
    warnings: tuple[Caution, ...] = ()

    @property
    def rows(self) -> int:
        """Data records parsed, header excluded."""
        return self.records.parsed


@dataclass(frozen=True, slots=True)
class Scan:
    """The outcome of reading one object to its end.

    Attributes:
        sha256: hex digest of exactly the stored bytes that were read (before decompression); None if
            they could not be read to their end.
        size: how many bytes were read.
        profile: what was found; may stand beside an error, then as far as it is known.
        error: why the file fails, if it does.
    """

    sha256: str | None
    size: int
    profile: Profile | None = None
    error: FileError | None = field(default=None)


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
        owner: the invocation that holds the claim.
        stamped_name: what result and backup are named after.
        received_at: when the first event arrived.
        attempts: how often the object version was claimed, this time included; every write is fenced by it.
        replays: how often an operator had it read anew; a result that is there then gives way.
        result: the recorded result.json, if an earlier attempt got that far.
        effects: what earlier attempts are known to have delivered.
    """

    row: int
    owner: str
    stamped_name: str
    received_at: datetime
    attempts: int
    replays: int
    result: Document | None
    effects: Effects


@dataclass(frozen=True, slots=True)
class Twin:
    """An earlier upload of the very same bytes."""

    key: str
    version_id: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """Another invocation works on the object version; its lease ends at `until` unless it is renewed."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Finished:
    """Everything was done before; `status` is the verdict."""

    status: str


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A row that nobody works on, although it is not done."""

    row: int
    attempts: int
    upload: Upload


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


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one upload ended in this invocation.

    Attributes:
        status: `"succeeded"`, `"failed"`, or `"processing"` if another invocation has it in hand.
        repeated: nothing was left to do.
    """

    obj: CsvObject
    status: str
    rows: int | None = None
    error_code: str | None = None
    repeated: bool = False

    def document(self) -> Document:
        """For whoever called by hand."""
        return {
            "key": self.obj.key,
            "version_id": self.obj.version_id,
            "status": self.status,
            "rows": self.rows,
            "error_code": self.error_code,
            "repeated": self.repeated,
        }
