"""What was found in the lines of a file, in a few words; and the lines that a verdict is about."""

from collections.abc import Mapping

from function.domain.errors import ErrorCode
from function.domain.findings import DAMAGED, RAGGED, Finding
from function.domain.model import Document

_AT_FAULT: Mapping[str, tuple[Finding, ...]] = {
    ErrorCode.UNBALANCED_QUOTE: (*DAMAGED, Finding.BINARY),
    ErrorCode.NOT_CSV: (Finding.BINARY,),
    ErrorCode.RAGGED_ROWS: RAGGED,
}

TITLES: Mapping[str, str] = {
    Finding.WIDE_PREAMBLE: "several fields above the header",
    Finding.SECOND_HEADER: "a second header",
    Finding.ODD_FIRST_RECORD: "words where the column has values",
    Finding.UNSURE_DIALECT: "unsure delimiter",
    Finding.FREE_TEXT: "no delimiter",
    Finding.TRAILER: "maybe a note at the end",
    Finding.NOTE: "a single field, maybe a note",
    Finding.TOTAL: "maybe a total of the others",
    Finding.SHORT_HEADER: "header with too few fields",
    Finding.SHORT_RECORD: "too few fields",
    Finding.LONG_RECORD: "too many fields",
    Finding.STRAY_QUOTE: "quote inside a field",
    Finding.UNCLOSED_QUOTE: "quote that is never closed",
    Finding.COMMENTED_RECORD: "record that begins like a comment",
    Finding.ODD_QUOTE: "odd number of quotes",
    Finding.BROKEN_RECORD: "record broken by a line end",
    Finding.OTHER_SHAPE: "records with another number of fields",
    Finding.SWALLOWED_LINES: "lines inside a quoted field",
    Finding.PADDED_QUOTE: "blanks before a quote",
    Finding.BINARY: "control characters",
    Finding.REPLACED_BYTES: "bytes outside the encoding",
    Finding.REPLACED_CHARACTERS: "characters outside the encoding",
    Finding.BYTE_ORDER_MARK: "byte order mark inside the text",
    Finding.MIXED_ENCODING: "part in another encoding",
    Finding.TRAILING_BYTES: "bytes behind the compressed data",
    Finding.OTHER_FILES: "other files in the zip",
    Finding.REPEATED_HEADER: "the header again",
    Finding.OTHER_TABLE: "another table",
    Finding.FOOTER: "footer",
    Finding.AMBIGUOUS_DATE: "day and month cannot be told apart",
    Finding.AMBIGUOUS_NUMBER: "thousands or decimals",
    Finding.PADDED_VALUES: "blanks around values",
}
"""Each finding, as it is named beside a line or a column."""


def title(finding: str) -> str:
    """A finding in a few words; one of a newer release by its code."""
    return TITLES.get(finding, finding.replace("_", " "))


def lines_at_fault(result: Document) -> list[Document]:
    """The samples that show why a file failed, in the order of their lines; none if the reason is no line."""
    csv, error = result["csv"], result["error"]
    if not csv or not error:
        return []
    doubted = [each["code"] for each in csv["warnings"]] if error["code"] == ErrorCode.DOUBTFUL else []
    wanted = {*_AT_FAULT.get(error["code"], ()), *doubted}
    return sorted(
        (each for each in csv["samples"] if each["finding"] in wanted), key=lambda each: each["line"]
    )
