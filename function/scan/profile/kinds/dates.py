"""How days are written, perhaps with the time of day: days of the Gregorian calendar only.

Day and month are often told apart by a value above 12 alone, so both orders are tried; where day and month
are equal in every value there is nothing to tell apart.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from function.domain.content import ColumnType
from function.scan.profile.kinds.kind import Kind

if TYPE_CHECKING:
    import polars as pl

DAY_FIRST, MONTH_FIRST = "day first", "month first"  # conventions

TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
SECOND = ":[0-5][0-9]"
_CLOCK = rf"{TIME}(?:{SECOND})?"
_LEAP = r"(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_CONVENTIONS = {"ymd": None, "dmy": DAY_FIRST, "mdy": MONTH_FIRST}


def day_pattern(order: str, mark: str, zero: str = "0") -> str:
    """A day of the calendar, its parts in the order of the letters; `zero` is what stands before a digit."""

    def written(year: str, month: str, day: str) -> str:
        part = {"y": year, "m": month, "d": day}
        return mark.join(part[letter] for letter in order)

    digit = f"{zero}[1-9]"
    return "|".join(
        (
            written("[0-9]{4}", f"(?:{zero}[13578]|1[02])", f"(?:{digit}|[12][0-9]|3[01])"),
            written("[0-9]{4}", f"(?:{zero}[469]|11)", f"(?:{digit}|[12][0-9]|30)"),
            written("[0-9]{4}", f"{zero}2", f"(?:{digit}|1[0-9]|2[0-8])"),
            written(_LEAP, f"{zero}2", "29"),
        )
    )


def _equal(mark: str) -> str:
    """A day whose number is that of its month."""
    return f"(?:{'|'.join(f'{n:02}{mark}{n:02}' for n in range(1, 13))}){mark}[0-9]{{4}}"


def _order(order: str) -> Callable[[str], Any]:
    """A text -> (year, month, day, time of day)."""
    places = [order.index(letter) for letter in "ymd"]

    def key(text: str) -> tuple[Any, ...]:
        day, _, clock = text.partition(" ")
        parts = [int(part) for part in re.split("[/.-]", day)]
        return *(parts[place] for place in places), clock

    return key


def _key(order: str, mark: str, clock: str) -> "Callable[[pl.Expr], pl.Expr]":
    parts = {"y": "%Y", "m": "%m", "d": "%d"}
    day = mark.join(parts[letter] for letter in order)
    if not clock:
        return lambda text: text.str.to_date(day, strict=False)
    return lambda text: _moment(text, f"{day} %H:%M:%S", f"{day} %H:%M")


def _moment(text: "pl.Expr", *forms: str) -> "pl.Expr":
    import polars as pl  # noqa: PLC0415

    return pl.coalesce(text.str.to_datetime(form, time_unit="us", strict=False) for form in forms)


def _date(order: str, mark: str, *wider: Kind, zero: str = "0", clock: str = "", equal: bool = False) -> Kind:
    """A format of days, e.g. `dmy` and `.`, perhaps with the time of day behind it."""
    letters = {"y": "YYYY", "m": "MM" if zero == "0" else "M", "d": "DD" if zero == "0" else "D"}
    form = mark.join(letters[letter] for letter in order) + (" HH:MM[:SS]" if clock else "")
    literal = re.escape(mark)
    pattern = _equal(literal) if equal else f"(?:{day_pattern(order, literal, zero)})"
    type_ = ColumnType.DATETIME if clock else ColumnType.DATE
    convention = None if equal else _CONVENTIONS[order]
    if order == "ymd":
        return Kind(type_, pattern, None, None, form, convention, wider, mark)
    key = _key(order, mark, clock)
    return Kind(type_, pattern + clock, _order(order), key, form, convention, wider, ":" if clock else mark)


def _both_orders(mark: str) -> tuple[Kind, ...]:
    """Days that begin with the day or with the month."""
    first, second = _padded_or_not("dmy", mark), _padded_or_not("mdy", mark)
    timed = (_padded_or_not(order, mark, clock=f" {_CLOCK}") for order in ("dmy", "mdy"))
    return _date("dmy", mark, first, second, equal=True), *timed


def _padded_or_not(order: str, mark: str, clock: str = "") -> Kind:
    """Days with two digits for day and month, else with one or two."""
    return _date(order, mark, _date(order, mark, zero="0?", clock=clock), clock=clock)


DAYS = (
    _date("ymd", "-"),
    _date("ymd", "/"),
    *_both_orders("/"),
    _padded_or_not("dmy", "."),
    _padded_or_not("dmy", ".", clock=f" {_CLOCK}"),
    *_both_orders("-"),
)
