"""What is known of the columns -> their types, each with what is remarkable about it.

Where two kinds fit all values of a column and take opposite things for granted (that the day comes first,
that a comma separates thousands), the other columns of the table decide if they are agreed. If they tell
nothing, a rule does:

- Dates begin with the day, which is in doubt.
- `1,234` is a whole number; but in a table delimited by semicolons, which are used where the comma is the
  decimal mark, it is a decimal one, which is in doubt.
- `1.234` is a decimal number; only in a table delimited by semicolons is that in doubt.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from function.domain.content import Column, ColumnType
from function.domain.findings import Finding
from function.scan.profile.kinds.dates import DAY_FIRST, MONTH_FIRST
from function.scan.profile.kinds.kind import Kind
from function.scan.profile.kinds.numbers import COMMA, DECIMAL, POINT
from function.scan.profile.kinds.preference import RANK
from function.scan.profile.summary import ColumnSummary

_OPPOSITE = {DAY_FIRST: MONTH_FIRST, MONTH_FIRST: DAY_FIRST, POINT: COMMA, COMMA: POINT}
_PLAIN = "1.234"  # how people are told of a plain decimal


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A column whose values can be read in two ways.

    Attributes:
        finding: `AMBIGUOUS_DATE` or `AMBIGUOUS_NUMBER`.
        column: its name.
        read, other: the format that was chosen, and the one that fits as well.
        doubtful: whether the choice is in doubt.
    """

    finding: Finding
    column: str
    read: str
    other: str
    doubtful: bool


def resolve(
    summaries: Sequence[ColumnSummary], names: Sequence[str], delimiter: str
) -> tuple[tuple[Column, ...], tuple[Ambiguity, ...]]:
    """The columns as result.json has them, and those that can be read in two ways.

    Args:
        summaries: one for each column.
        names: the same number.
        delimiter: of the table.
    """
    fitting = [_fitting(summary) for summary in summaries]
    agreed = _agreed(fitting)
    columns, ambiguities = [], []
    for summary, name, kinds in zip(summaries, names, fitting, strict=True):
        kind, other = _choose(kinds, agreed, delimiter)
        trimmed = summary.padded and (kind or summary.values == summary.blank)
        remarks = [Finding.PADDED_VALUES] if trimmed else []
        if kind and other and (kind is not DECIMAL or delimiter == ";"):
            unusual = kind.type in (ColumnType.DATE, ColumnType.DATETIME) or delimiter == ";"
            doubtful = unusual and kind.convention not in agreed
            ambiguities.append(_ambiguity(name, kind, other, doubtful=doubtful))
            remarks.append(ambiguities[-1].finding)
        columns.append(_column(summary, name, kind, tuple(remarks)))
    return tuple(columns), tuple(ambiguities)


def _fitting(summary: ColumnSummary) -> list[Kind]:
    """The kinds of a column, the preferred one first; none of mere text and of nothing."""
    if summary.values == summary.blank:
        return []
    kinds = sorted(summary.kinds, key=RANK.__getitem__)
    return kinds if kinds and kinds[0].type is not ColumnType.STRING else []


def _agreed(fitting: Iterable[Sequence[Kind]]) -> frozenset[str]:
    """The conventions of columns that can be read in one way, where no other such column is against them."""
    shown = [{kind.convention for kind in kinds if kind.convention} for kinds in fitting]
    certain = set().union(*(conventions for conventions in shown if len(conventions) == 1))
    return frozenset(convention for convention in certain if _OPPOSITE[convention] not in certain)


def _choose(kinds: Sequence[Kind], agreed: frozenset[str], delimiter: str) -> tuple[Kind | None, Kind | None]:
    """The kind that a column is read as, and one of the opposite convention that fits as well."""
    if not kinds:
        return None, None
    first = kinds[0]
    opposite = _OPPOSITE.get(first.convention or "", "")
    other = next((kind for kind in kinds if kind.convention == opposite), None)
    if other is None or first.convention in agreed:
        return first, other
    comma = other.convention == COMMA and delimiter == ";" and first is not DECIMAL
    return (other, first) if comma or other.convention in agreed else (first, other)


def _ambiguity(name: str, kind: Kind, other: Kind, *, doubtful: bool) -> Ambiguity:
    number = kind.convention in (POINT, COMMA)
    finding = Finding.AMBIGUOUS_NUMBER if number else Finding.AMBIGUOUS_DATE
    return Ambiguity(finding, name, kind.format or _PLAIN, other.format or _PLAIN, doubtful)


def _column(summary: ColumnSummary, name: str, kind: Kind | None, remarks: tuple[Finding, ...]) -> Column:
    """A column as result.json has it; without a kind it is mere text, or there is no value."""
    empty = summary.values == summary.blank
    low, high = (summary.kinds.get(kind) if kind else None if empty else summary.text) or (None, None)
    return Column(
        name,
        kind.type if kind else ColumnType.EMPTY if empty else ColumnType.STRING,
        summary.nulls + (summary.blank if kind or empty else 0),
        low,
        high,
        distinct=min(summary.distinct.estimate, summary.values),
        longest=summary.longest,
        format=kind.format if kind else None,
        remarks=remarks,
    )
