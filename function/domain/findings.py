"""What can be found at a place in the file, a sample of it, and the warning that is made of it. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Finding(StrEnum):
    """What can be remarkable about a place in the file; docs/reading.md explains each."""

    WIDE_PREAMBLE = "wide_preamble"
    SECOND_HEADER = "second_header"
    ODD_FIRST_RECORD = "odd_first_record"
    UNSURE_DIALECT = "unsure_dialect"
    FREE_TEXT = "free_text"
    TRAILER = "trailer"
    NOTE = "note"
    TOTAL = "total"
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
    BYTE_ORDER_MARK = "byte_order_mark"
    MIXED_ENCODING = "mixed_encoding"
    TRAILING_BYTES = "trailing_bytes"
    OTHER_FILES = "other_files"
    REPEATED_HEADER = "repeated_header"
    OTHER_TABLE = "other_table"
    FOOTER = "footer"
    AMBIGUOUS_DATE = "ambiguous_date"
    AMBIGUOUS_NUMBER = "ambiguous_number"
    PADDED_VALUES = "padded_values"


DAMAGED = (Finding.STRAY_QUOTE, Finding.UNCLOSED_QUOTE)
RAGGED = (Finding.SHORT_HEADER, Finding.SHORT_RECORD, Finding.LONG_RECORD)

EXCERPT = 120
"""Characters of a record that a sample shows."""


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
class CsvWarning:
    """A reason to doubt the count or a type: an entry of `csv.warnings`."""

    code: str
    count: int
    message: str
    line: int | None = None
