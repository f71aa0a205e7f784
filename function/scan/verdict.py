"""Ledger and policy -> what is published of the count, what is doubtful in it, and whether it fails."""

from collections.abc import Sequence

from function.content import Caution, Finding, Options, Records, Reject, Sample, Use
from function.doubts import NAMED
from function.errors import ErrorCode, FileError
from function.scan.ledger import Ledger

DAMAGED = (Finding.STRAY_QUOTE, Finding.UNCLOSED_QUOTE)
RAGGED = (Finding.SHORT_HEADER, Finding.SHORT_RECORD, Finding.LONG_RECORD)

DOUBTS = {
    Finding.WIDE_PREAMBLE: "A line before the header has several fields; it was taken for preamble.",
    Finding.SECOND_HEADER: "Lines below the header are names, units or dashes and no data; they were left "
    "out. If they are data: csv-header=false.",
    Finding.ODD_FIRST_RECORD: "The first record has words where the column is otherwise of numbers or times; "
    "it was counted. It may be a second header or a line of units.",
    Finding.UNSURE_DIALECT: "Another delimiter fits nearly as well, or this one fits fewer than half of the "
    "records. If it is wrong: csv-delimiter=... (a character, or comma, semicolon, tab, pipe, space).",
    Finding.FREE_TEXT: "No delimiter was found, and the lines read like prose, code or settings; each "
    "was counted. If it is a table: csv-delimiter=...; if it is one column: csv-header=true or false.",
    Finding.TOTAL: "The last record looks like a total; it was counted as a record.",
    Finding.TRAILER: "The last records have fewer or more fields, or words where the column has "
    "values: perhaps a note or a trailer; they were counted.",
    Finding.NOTE: "A line of a single field stands among the records; it may be a note, and was counted.",
    Finding.UNCLOSED_QUOTE: "A quote opens and is never closed; the record was taken to end with its line.",
    Finding.COMMENTED_RECORD: "A line that starts like a comment is as wide as a record; it was left out.",
    Finding.ODD_QUOTE: "A record of another width has an odd number of quotes; it may go on below.",
    Finding.BROKEN_RECORD: "Two short records in a row may be one that an unquoted line end broke.",
    Finding.OTHER_SHAPE: "Many records in a row have another width; another table may begin there.",
    Finding.SWALLOWED_LINES: "A quoted field holds lines that look like records; a quote may be wrong.",
    Finding.PADDED_QUOTE: "A field over several lines has blanks before its quote: others may split it.",
    Finding.BINARY: "A stretch is not text and was left out.",
    Finding.BYTE_ORDER_MARK: "A byte order mark stands inside the text: perhaps two files, with two headers.",
    Finding.MIXED_ENCODING: "A stretch is not in the encoding of the rest: save all as UTF-8.",
    Finding.TRAILING_BYTES: "Bytes behind the end of the compressed data were left out, as gunzip does.",
    Finding.OTHER_FILES: "The zip holds other files too; the only table among them was read.",
    Finding.REPLACED_BYTES: "Bytes that the encoding does not have were replaced by U+FFFD.",
    Finding.REPEATED_HEADER: "The header stands again among the records; it was counted as a record.",
    Finding.OTHER_TABLE: "Another table follows behind a blank line; it was not counted.",
}


def records(ledger: Ledger) -> Records:
    """The ledger as it is published."""
    found = ledger.found
    return Records(
        parsed=ledger.records,
        rejected=found.get(Finding.BINARY, 0),
        ragged=sum(found.get(finding, 0) for finding in RAGGED),
        damaged=sum(found.get(finding, 0) for finding in DAMAGED),
        blank=ledger.lines.get(Use.BLANK, 0),
        physical_lines=ledger.physical_lines,
        lines={use: ledger.lines.get(use, 0) for use in Use},
    )


def rejects(ledger: Ledger) -> tuple[Reject, ...]:
    """Where records were left out."""
    return tuple(
        Reject(sample.line, sample.finding, sample.excerpt)
        for sample in ledger.samples
        if sample.finding is Finding.BINARY
    )


def cautions(ledger: Ledger) -> tuple[Caution, ...]:
    """What makes the count doubtful."""
    return tuple(
        Caution(finding, ledger.found[finding], message, _first(ledger, (finding,)))
        for finding, message in DOUBTS.items()
        if ledger.found.get(finding)
    )


def judge(ledger: Ledger, options: Options) -> None:
    """Apply the policy.

    Raises:
        FileError: the first that applies of `unbalanced_quote` (`not_csv`), `ragged_rows` and `doubtful`,
            with the first line at fault.
    """
    found = records(ledger)
    bad = found.rejected + found.damaged
    if options.max_rejected is not None and bad > options.max_rejected:
        line = _first(ledger, (*DAMAGED, Finding.BINARY))
        message = f"{_records(bad)} could not be read with certainty ({options.max_rejected} accepted)."
        raise FileError(
            ErrorCode.UNBALANCED_QUOTE if found.damaged else ErrorCode.NOT_CSV, message, line=line
        )
    if options.max_ragged is not None and found.ragged > options.max_ragged:
        message = f"{_records(found.ragged)} with too many or too few fields ({options.max_ragged} accepted)."
        raise FileError(ErrorCode.RAGGED_ROWS, message, line=_first(ledger, RAGGED))
    doubts = cautions(ledger)
    if options.max_doubts is not None and len(doubts) > options.max_doubts:
        raise _doubtful(doubts, options.max_doubts)


def _doubtful(doubts: Sequence[Caution], accepted: int) -> FileError:
    """The verdict on a count with more reasons to doubt it than are accepted."""
    number = (
        f"{len(doubts)} reason{'s' if len(doubts) != 1 else ''} to doubt the count ({accepted} accepted)."
    )
    first = [f"Line {each.line}: {each.message}" if each.line else each.message for each in doubts[:NAMED]]
    remedy = f"If the count is right all the same, upload the file with csv-max-doubts={len(doubts)}."
    line = min((each.line for each in doubts if each.line), default=None)
    return FileError(ErrorCode.DOUBTFUL, " ".join((number, *first, remedy)), line=line)


def _records(count: int) -> str:
    return f"{count} record{'s' if count != 1 else ''}"


def _first(ledger: Ledger, findings: tuple[Finding, ...]) -> int | None:
    def line(sample: Sample) -> int:
        return sample.line

    first = min((sample for sample in ledger.samples if sample.finding in findings), key=line, default=None)
    return first.line if first else None
