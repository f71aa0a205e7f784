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
        blank: values that have nothing but blanks.
        text: extremes in the order of the text, where blanks had to be taken off.
    """

    kinds: Kinds
    padded: bool = False
    blank: int = 0
    text: Range | None = None


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
    return search.result(search.holding(pending))


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

    def holding(self, pending: list[_Candidate]) -> dict[str, list[Kind]]:
        """The narrowest kinds whose pattern every value matches."""
        held: dict[str, list[Kind]] = {}
        while pending:
            found = answers(self._frame, [Question(name, _matches(kind)) for name, kind in pending])
            for candidate, holds in zip(pending, found, strict=True):
                if holds:
                    held.setdefault(candidate.column, []).append(candidate.kind)
            failed = [candidate for candidate, holds in zip(pending, found, strict=True) if not holds]
            again = self._trim(self._padded({name for name, _ in failed} - held.keys() - self._trimmed))
            pending = [candidate for candidate in failed if candidate.column in again]
            pending += self._widened([candidate for candidate in failed if candidate.column not in again])
        return {name: narrowest(kinds) for name, kinds in held.items()}

    def result(self, held: Mapping[str, list[Kind]]) -> dict[str, Fit]:
        """The kinds whose key every value has, too, with their extremes."""
        candidates = [_Candidate(name, kind) for name, kinds in held.items() for kind in kinds]
        ordered = [candidate for candidate in candidates if candidate.kind.key]
        spans = answers(self._frame, [Question(name, _span(kind), kind.key) for name, kind in ordered])
        found: dict[str, dict[Kind, Range | None]] = {name: {} for name in held}
        for name, kind in candidates:
            if not kind.key:
                found[name][kind] = None
        for (name, kind), span in zip(ordered, spans, strict=True):
            if span["whole"]:
                found[name][kind] = extremes(span["low"], span["high"], kind) if span["low"] else None
        return {name: self._fit(name, kinds) for name, kinds in found.items() if kinds}

    def _fit(self, name: str, kinds: Kinds) -> Fit:
        if name not in self._trimmed:
            return Fit(kinds)
        text = self._frame[name]
        low, high = text.min(), text.max()
        span = (low, high) if isinstance(low, str) and isinstance(high, str) else None
        return Fit(kinds, True, text.null_count() - self._raw[name].null_count(), span)

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


def _stripped(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars(BLANKS)


def _is_padded(text: pl.Expr, _: pl.Expr) -> pl.Expr:
    return (text != _stripped(text)).any()


@cache
def _matches(kind: Kind) -> Ask:
    return lambda text, _: text.str.contains(kind.whole).all()


@cache
def _span(kind: Kind) -> Ask:
    """Whether each value has a key, and the texts of the smallest and the largest."""

    def ask(text: pl.Expr, key: pl.Expr) -> pl.Expr:
        order = key.fill_nan(None) if kind.type is ColumnType.FLOAT else key
        return pl.struct(
            (key.null_count() == text.null_count()).alias("whole"),
            text.filter(order == order.min()).unique().implode().alias("low"),
            text.filter(order == order.max()).unique().implode().alias("high"),
        )

    return ask
