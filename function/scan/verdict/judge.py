"""Ledger and policy -> what is published of the count, and whether the file fails."""

from collections.abc import Sequence

from function.domain.content import RecordCounts, Reject, Use
from function.domain.errors import ErrorCode, FileError
from function.domain.findings import DAMAGED, RAGGED, CsvWarning, Finding
from function.domain.instructions import Options
from function.domain.warnings_text import NAMED
from function.scan.records.ledger import Ledger
from function.scan.verdict.warnings import Table, find_warnings, first_line, widths


def records(ledger: Ledger) -> RecordCounts:
    """The ledger as it is published."""
    found = ledger.found
    return RecordCounts(
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


def judge(ledger: Ledger, table: Table, options: Options) -> None:
    """Apply the policy.

    Raises:
        FileError: the first that applies of `unbalanced_quote` (`not_csv`), `ragged_rows` and `doubtful`,
            with the first line at fault.
    """
    found = records(ledger)
    bad = found.rejected + found.damaged
    if options.max_rejected is not None and bad > options.max_rejected:
        raise _damaged(ledger, found, options.max_rejected)
    if options.max_ragged is not None and found.ragged > options.max_ragged:
        raise _ragged(ledger, table, found.ragged, options.max_ragged)
    doubts = find_warnings(ledger, table)
    if options.max_doubts is not None and len(doubts) > options.max_doubts:
        raise _doubtful(doubts, options.max_doubts)


def _damaged(ledger: Ledger, found: RecordCounts, accepted: int) -> FileError:
    """The verdict on records with wrong quotes or control characters."""
    bad, line = found.rejected + found.damaged, first_line(ledger, (*DAMAGED, Finding.BINARY))
    remedies = []
    if found.damaged:
        remedies.append(
            "Double each quote inside a quoted field and close each that is opened; if quotes are ordinary"
            " characters in this file: csv-quote=none"
        )
    if found.rejected:
        remedies.append("Records of control characters are not text: export the file again")
    number = f"{_records(bad)} could not be read with certainty ({accepted} accepted)."
    message = f"{number} {'. '.join(remedies)}; to accept them: csv-max-rejected-rows={bad}"
    return FileError(ErrorCode.UNBALANCED_QUOTE if found.damaged else ErrorCode.NOT_CSV, message, line=line)


def _ragged(ledger: Ledger, table: Table, ragged: int, accepted: int) -> FileError:
    """The verdict on ragged records."""
    number = f"{_records(ragged)} with too many or too few fields ({accepted} accepted)"
    remedy = (
        "Correct those lines; if fields are not separated there: csv-delimiter=...; if quotes are ordinary"
        f" characters in this file: csv-quote=none; to accept them: csv-max-ragged-rows={ragged}"
    )
    message = f"{number}: {widths(ledger, table)}. {remedy}"
    return FileError(ErrorCode.RAGGED_ROWS, message, line=first_line(ledger, RAGGED))


def _doubtful(doubts: Sequence[CsvWarning], accepted: int) -> FileError:
    """The verdict on more warnings than are accepted."""
    reasons = f"{len(doubts)} reason{'s' if len(doubts) != 1 else ''}"
    number = f"{reasons} to doubt the count or a type ({accepted} accepted)."
    first = [f"Line {each.line}: {each.message}" if each.line else each.message for each in doubts[:NAMED]]
    remedy = f"If the count is right, upload the file with csv-max-doubts={len(doubts)}."
    line = min((each.line for each in doubts if each.line), default=None)
    return FileError(ErrorCode.DOUBTFUL, " ".join((number, *first, remedy)), line=line)


def _records(count: int) -> str:
    return f"{count} record{'s' if count != 1 else ''}"
