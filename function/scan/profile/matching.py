"""Which kinds all values of a batch are of, and their extremes; blanks around a value are not part of it.

The few first values rule out most kinds, so a column of mere text costs nothing more. A pattern is tried on
the text as it stands, and on the text without blanks where that failed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import polars as pl

from function.domain.content import ColumnType
from function.scan.profile.kinds.candidates import BLANKS, possible
from function.scan.profile.kinds.kind import Kind, narrowest
from function.scan.profile.queries import Ask, Question, answers
from function.scan.profile.summary import Kinds, Range, extremes


@dataclass(frozen=True, slots=True)
class Fit:
    """What the values of a column are.

    Attributes:
        kinds: that all values are of, with their extremes; none for mere text.
        padded: whether blanks had to be taken off for it.
        blank: whether there are values that have nothing but blanks.
        text: extremes in the order of the text, where blanks had to be taken off.
    """

    kinds: Kinds
    padded: bool = False
    blank: bool = False
    text: Range | None = None


class _Match(NamedTuple):
    """How the values of a column match a kind.

    Attributes:
        holds: whether every value has its pattern.
        whole: whether every value has a key.
        low, high: the values whose key is the smallest, and those whose is the largest.
    """

    holds: bool
    whole: bool
    low: Sequence[str] = ()
    high: Sequence[str] = ()

    def fits(self, kind: Kind) -> bool:
        """Whether the keys stand for the values."""
        return self.whole and not any(kind.overflows(text) for text in (*self.low, *self.high))

    def span(self, kind: Kind) -> Range | None:
        """The extremes, where the kind has an order of its own."""
        return extremes(self.low, self.high, kind) if self.low else None


class _Candidate(NamedTuple):
    """A kind that a column may be of."""

    column: str
    kind: Kind


def fit(
    frame: pl.DataFrame, few: Mapping[str, Sequence[str]], known: Mapping[str, Iterable[Kind]]
) -> dict[str, Fit]:
    """What the columns of a batch are.

    Args:
        frame: strings; null is the empty field.
        few: some values of each column, which rule out most kinds.
        known: kinds of each column that are not out yet.

    Returns:
        One for each column that is no mere text.
    """
    found = {name: possible(few[name], kinds) for name, kinds in known.items()}
    pending = [_Candidate(name, kind) for name, kinds in found.items() for kind in kinds]
    search = _Search(frame.select(sorted({name for name, _ in pending})), few)
    return search.result(pending)


class _Search:
    """Tries candidates on all values of a batch.

    Args:
        frame: the columns that may be more than text.
        few: values of each.
    """

    def __init__(self, frame: pl.DataFrame, few: Mapping[str, Sequence[str]]):
        self._raw = self._frame = frame
        self._few = few
        self._trimmed: set[str] = set()
        self._trim({name for name in frame.columns if any(text != text.strip(BLANKS) for text in few[name])})

    def result(self, pending: list[_Candidate]) -> dict[str, Fit]:
        """The narrowest kinds whose pattern every value matches, if every value has their key, too."""
        held: dict[str, dict[Kind, _Match]] = {}
        while pending:
            questions = [Question(name, _match(kind), kind.key) for name, kind in pending]
            found = [_Match(**answer) for answer in answers(self._frame, questions)]
            for (name, kind), match in zip(pending, found, strict=True):
                if match.holds:
                    held.setdefault(name, {})[kind] = match
            failed = [candidate for candidate, match in zip(pending, found, strict=True) if not match.holds]
            again = self._trim(self._padded({name for name, _ in failed} - held.keys() - self._trimmed))
            pending = [candidate for candidate in failed if candidate.column in again]
            pending += self._widened([candidate for candidate in failed if candidate.column not in again])
        spans = {
            name: {kind: kinds[kind].span(kind) for kind in narrowest(kinds) if kinds[kind].fits(kind)}
            for name, kinds in held.items()
        }
        return {name: self._fit(name, kinds) for name, kinds in spans.items() if kinds}

    def _fit(self, name: str, kinds: Kinds) -> Fit:
        if name not in self._trimmed:
            return Fit(kinds)
        text = self._frame[name]
        low, high = text.min(), text.max()
        span = (low, high) if isinstance(low, str) and isinstance(high, str) else None
        return Fit(kinds, True, text.null_count() > self._raw[name].null_count(), span)

    def _widened(self, failed: list[_Candidate]) -> list[_Candidate]:
        """The kinds that take over, each once."""
        wider: dict[str, list[Kind]] = {}
        for name, kind in failed:
            wider.setdefault(name, []).extend(kind.wider)
        return [
            _Candidate(name, kind)
            for name, kinds in wider.items()
            for kind in possible(self._few[name], kinds)
        ]

    def _padded(self, names: set[str]) -> set[str]:
        """The columns that have blanks around a value."""
        asked = sorted(names)
        found = answers(self._frame, [Question(name, _is_padded) for name in asked])
        return {name for name, padded in zip(asked, found, strict=True) if padded}

    def _trim(self, names: set[str]) -> set[str]:
        """Take the blanks off the values of columns; nothing is left where there is nothing else."""
        self._trimmed |= names
        self._frame = self._frame.with_columns(
            pl.when(_stripped(column) != "").then(_stripped(column)).alias(name)
            for name, column in ((name, pl.col(name)) for name in sorted(names))
        )
        return names


def blanks(column: pl.Series) -> int:
    """How many values have nothing but blanks."""
    return int((column.str.strip_chars(BLANKS) == "").sum())


def _stripped(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars(BLANKS)


def _is_padded(text: pl.Expr, _: pl.Expr) -> pl.Expr:
    return (text != _stripped(text)).any()


@cache
def _match(kind: Kind) -> Ask:
    """The parts of a `_Match`."""

    def ask(text: pl.Expr, key: pl.Expr) -> pl.Expr:
        whole = key.null_count() == text.null_count()
        unclear = text.filter(kind.unclear(text)) if kind.unclear else text
        holds = unclear.str.contains(kind.whole).all() & (whole if kind.unclear else True)
        if kind.key is None:
            return pl.struct(holds.alias("holds"), whole.alias("whole"))
        order = key.fill_nan(None) if kind.type is ColumnType.FLOAT else key
        return pl.struct(
            holds.alias("holds"),
            whole.alias("whole"),
            text.filter(order == order.min()).unique().implode().alias("low"),
            text.filter(order == order.max()).unique().implode().alias("high"),
        )

    return ask
