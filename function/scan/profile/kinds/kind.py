"""One grammar of values: what their text must match, and what orders them.

The modules of kinds import polars only where a key is made: a small file is profiled without it, see `small`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from function.domain.content import ColumnType

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False)
class Kind:
    """One grammar.

    Attributes:
        type: the column type of values that match.
        pattern: what all of the text must match, in the syntax that Python and Rust have in common.
        order: a text -> what orders it, exactly. None: the order of the text itself.
        key: the same in polars, as closely as its types allow: the extremes have an extreme key. Null
            where the text is no such value after all.
        format: how it is written, for people.
        convention: what the format takes for granted, e.g. that the day comes first. A column that several
            kinds fit is ambiguous if they differ in it.
        mark: what every value has in it; without it there is no need to try the pattern, nor to compile it.
        wider: the kinds that take over where this one fails: each has every value of this one, in its order.
        overflows: whether the key of a text that matches is infinite though its value is not; the key is then
            the smallest or the largest.
        unclear: which of the texts that have a key may still not match; None: all of them.
    """

    type: ColumnType
    pattern: str
    order: Callable[[str], Any] | None = None
    key: "Callable[[pl.Expr], pl.Expr] | None" = None
    format: str | None = None
    convention: str | None = None
    wider: tuple["Kind", ...] = ()
    mark: str = ""
    overflows: Callable[[str], bool] = lambda _: False
    unclear: "Callable[[pl.Expr], pl.Expr] | None" = None

    def may_be(self, text: str) -> bool:
        """Whether one text matches, in Python."""
        return self.mark in text and self._fullmatch(text) is not None

    @cached_property
    def _fullmatch(self) -> Callable[[str], object]:
        return re.compile(self.pattern).fullmatch

    @cached_property
    def whole(self) -> str:
        """The pattern of the whole text, for a search."""
        return f"^(?:{self.pattern})$"

    @cached_property
    def closure(self) -> frozenset["Kind"]:
        """This kind and all wider ones."""
        return frozenset([self]).union(*(kind.closure for kind in self.wider))


def narrowest(kinds: Iterable[Kind]) -> list[Kind]:
    """Those of the kinds that are not wider than another of them."""
    unique = list(dict.fromkeys(kinds))
    if len(unique) < 2:
        return unique
    wider = {above for kind in unique for each in kind.wider for above in each.closure}
    return [kind for kind in unique if kind not in wider]
