"""What was found -> the reasons to doubt the count or a type, in the words of `messages`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from function.domain.content import Dialect, Use
from function.domain.findings import CsvWarning, Finding, Sample
from function.scan.profile.column_types import Ambiguity
from function.scan.records.ledger import Ledger
from function.scan.verdict.messages import MESSAGES

NAMED = 3  # widths, and columns, that a message names

_QUOTES_OFF = "if quotes are ordinary characters in this file: csv-quote=none"
_SECOND_HEADER = "If it is a second header, or has units, remove it."
_MISSED_HEADER = "If it has the names of the columns: csv-header=true"
_NAMES = {" ": "blanks", "\t": "tabs", ",": "commas", ";": "semicolons", "|": "pipes", ":": "colons"}


@dataclass(frozen=True, slots=True)
class Table:
    """What is said of the table in messages, beside what was found.

    Attributes:
        dialect: how it was read.
        width: how many columns.
        line: where it begins, physical line from 1.
        ambiguities: columns that can be read in two ways.
    """

    dialect: Dialect
    width: int
    line: int
    ambiguities: tuple[Ambiguity, ...] = ()


def find_warnings(ledger: Ledger, table: Table) -> tuple[CsvWarning, ...]:
    """The reasons to doubt the count or a type."""
    words = _words(ledger, table)
    found = {finding: ledger.found.get(finding, 0) for finding in MESSAGES}
    for finding in (Finding.AMBIGUOUS_DATE, Finding.AMBIGUOUS_NUMBER):
        found[finding] = len(_doubtful(table, finding))
    return tuple(
        CsvWarning(finding, found[finding], form.format_map(words), first_line(ledger, (finding,)))
        for finding, form in MESSAGES.items()
        if found[finding]
    )


def first_line(ledger: Ledger, findings: Iterable[Finding]) -> int | None:
    """The first line with one of the findings."""

    def line(sample: Sample) -> int:
        return sample.line

    first = min((sample for sample in ledger.samples if sample.finding in findings), key=line, default=None)
    return first.line if first else None


def widths(ledger: Ledger, table: Table, use: Use = Use.RECORD) -> str:
    """How many fields lines have, and where each number stands first, the table's own before the others."""
    lines = [(width, line) for (of, width), line in ledger.widths.items() if of is use]
    header = [
        f"a header of {_fields(width)} on line {line}"
        for (of, width), line in ledger.widths.items()
        if of is Use.HEADER
    ]
    others = [f"{_fields(width)} on line {line}" for width, line in lines[:NAMED]]
    more = ["and other numbers on later lines"] if len(lines) > NAMED else []
    return ", ".join([*header, f"{_fields(table.width)} on line {table.line}", *others, *more])


def _words(ledger: Ledger, table: Table) -> Mapping[str, str]:
    """What the forms leave open."""
    delimiter = table.dialect.delimiter
    return {
        "delimiter": _NAMES.get(delimiter, repr(delimiter)),
        "encoding": table.dialect.encoding,
        "first_record": _SECOND_HEADER if table.dialect.header else _MISSED_HEADER,
        "quotes_off": _QUOTES_OFF,
        "widths": widths(ledger, table),
        "tables": widths(ledger, table, Use.OTHER_TABLE),
        "dates": _columns(_doubtful(table, Finding.AMBIGUOUS_DATE)),
        "numbers": _columns(_doubtful(table, Finding.AMBIGUOUS_NUMBER)),
    }


def _doubtful(table: Table, finding: Finding) -> list[Ambiguity]:
    """The columns that may be meant in the other way."""
    return [each for each in table.ambiguities if each.finding is finding and each.doubtful]


def _columns(ambiguities: Sequence[Ambiguity]) -> str:
    named = [
        f"column {each.column!r} was read as {each.read}, not {each.other}" for each in ambiguities[:NAMED]
    ]
    more = len(ambiguities) - NAMED
    return ", ".join(named + ([f"and {more} more columns likewise"] if more > 0 else []))


def _fields(number: int) -> str:
    return f"{number} field{'s' if number != 1 else ''}"
