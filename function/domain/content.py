"""What is in a file: the values that a scan gives. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from function.domain.errors import FileError
from function.domain.findings import CsvWarning, Finding, Sample
from function.domain.instructions import Options


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
        nulls: how many values are the empty field, or only blanks where the type is not `string`.
        min, max: the smallest and largest value in the order of `type`, in the file's own text; without the
            blanks around it, where the type is not `string`.
        distinct: estimate of the number of different values, exact while few.
        longest: the longest value, in bytes of UTF-8.
        format: how dates and times are written, e.g. `YYYY-MM-DD`, and numbers that are not plain, e.g.
            `1.234,56`; None for other types.
        remarks: what is remarkable about the type: `AMBIGUOUS_DATE`, `AMBIGUOUS_NUMBER`, `PADDED_VALUES`.
    """

    name: str
    type: ColumnType
    nulls: int
    min: str | None
    max: str | None
    distinct: int = 0
    longest: int = 0
    format: str | None = None
    remarks: tuple["Finding", ...] = ()


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


@dataclass(frozen=True, slots=True)
class RecordCounts:
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
        warnings: reasons to doubt the count or a type.
    """

    columns: tuple[Column, ...]
    dialect: Dialect
    records: RecordCounts
    rejects: tuple[Reject, ...] = ()
    findings: Mapping[Finding, int] = field(default_factory=dict)
    samples: tuple[Sample, ...] = ()
    warnings: tuple[CsvWarning, ...] = ()

    @property
    def rows(self) -> int:
        """Data records parsed, header excluded."""
        return self.records.parsed


class Values(Protocol):
    """What is known of the different values of each column, beyond the profile; it is never published."""

    def outside(self, column: int, allowed: Collection[str]) -> int:
        """How many different values of a column, at least, are none of these."""


@dataclass(frozen=True, slots=True)
class PartsDigest:
    """What proves the stored bytes of an object that was read in parts: `source.sha256_parts` of result.json.

    Attributes:
        part_bytes: stored bytes of each part but the last.
        count: how many parts.
        root: hex SHA-256 of the SHA-256 digests of all parts, one behind the other.
    """

    part_bytes: int
    count: int
    root: str


@dataclass(frozen=True, slots=True)
class Scan:
    """The outcome of reading one object to its end.

    Attributes:
        sha256: hex digest of exactly the stored bytes that were read (before decompression); None if
            they could not be read to their end.
        size: how many bytes were read.
        profile: what was found; may stand beside an error, then as far as it is known.
        error: why the file fails, if it does.
        options: how it was read.
        values: what contracts ask of the values; None if nothing is known of them.
        parts: proof of the bytes of an object that was read in parts, in place of `sha256`.
        began_at: when its reading began, if that was not now and here.
    """

    sha256: str | None
    size: int
    profile: Profile | None = None
    error: FileError | None = field(default=None)
    options: Options = field(default_factory=Options)
    values: Values | None = None
    parts: PartsDigest | None = None
    began_at: datetime | None = None
