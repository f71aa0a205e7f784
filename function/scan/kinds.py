"""What the text of a value can be: the grammar of each kind and its order.

A kind is told by the text alone, by a pattern over every value, so that a type never depends on what a
parser of numbers or dates happens to accept. `007`, `1e400` and `2024-02-30` are strings: the first would
lose its zeros, the second is beyond a double, the third is no day.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl

from function.content import ColumnType


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
        within: the kind that takes over where this one fails: it has every value of this one, in its order.
        wider: a kind tried beside this one that has every value of it, too, in the order of their text.
    """

    type: ColumnType
    pattern: str
    order: Callable[[str], Any] | None = None
    key: Callable[[pl.Expr], pl.Expr] | None = None
    format: str | None = None
    within: "Kind | None" = None
    wider: "Kind | None" = None

    @cached_property
    def may_be(self) -> Callable[[str], object]:
        """Whether one text matches, in Python."""
        return re.compile(self.pattern).fullmatch

    @cached_property
    def whole(self) -> str:
        """The pattern of the whole text, for a search."""
        return f"^(?:{self.pattern})$"

    @property
    def rank(self) -> int:
        """Place in the chain of `within`, from the widest, 0."""
        return self.within.rank + 1 if self.within else 0


def _double(text: pl.Expr) -> pl.Expr:
    """As a double; null where only infinity could stand for the finite number in the text."""
    number = text.cast(pl.Float64, strict=False)
    return pl.when(number.is_infinite() & text.str.contains("[0-9]")).then(None).otherwise(number)


_WHOLE = r"(?:0|[1-9][0-9]*)"
_PLAIN = rf"(?:{_WHOLE}(?:\.[0-9]*)?|\.[0-9]+)"
_LEAP = r"(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"


def _day(first: str, second: str, third: str, mark: str) -> str:
    """A day of the Gregorian calendar, its parts in the order given by the letters y, m and d."""

    def written(year: str, month: str, day: str) -> str:
        part = {"y": year, "m": month, "d": day}
        return mark.join((part[first], part[second], part[third]))

    return "|".join(
        (
            written("[0-9]{4}", "(?:0[13578]|1[02])", "(?:0[1-9]|[12][0-9]|3[01])"),
            written("[0-9]{4}", "(?:0[469]|11)", "(?:0[1-9]|[12][0-9]|30)"),
            written("[0-9]{4}", "02", "(?:0[1-9]|1[0-9]|2[0-8])"),
            written(_LEAP, "02", "29"),
        )
    )


def _date(order: str, mark: str) -> Kind:
    """A format of days, e.g. `dmy` and `.`; only the ISO-like one has the order of its text."""
    words = {"y": "YYYY", "m": "MM", "d": "DD"}
    parts = {"y": "%Y", "m": "%m", "d": "%d"}
    places = {"ymd": (0, 5, 8), "dmy": (6, 3, 0), "mdy": (6, 0, 3)}[order]

    def day(text: str) -> tuple[str, str, str]:
        year, month, day = places
        return text[year : year + 4], text[month : month + 2], text[day : day + 2]

    pattern = _day(order[0], order[1], order[2], "[.]" if mark == "." else mark)
    form = mark.join(words[part] for part in order)
    if order == "ymd":
        return Kind(ColumnType.DATE, pattern, format=form)
    given = mark.join(parts[part] for part in order)
    return Kind(ColumnType.DATE, pattern, day, lambda text: text.str.to_date(given, strict=False), form)


_ISO_DAY, _ISO_CLOCK = _day("y", "m", "d", "-"), rf"{_TIME}(?::[0-5][0-9](?:[.,][0-9]+)?)?"
_ZONE = r" ?(?:Z|UTC|GMT|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)"


def _instant(text: str) -> tuple[int, int, str]:
    """Minutes of an ISO 8601 date and time in UTC, its seconds, and their fraction without final zeros."""
    year, month, day, hour, minute = (int(text[at : at + 2]) for at in (2, 5, 8, 11, 14))
    year += 100 * int(text[:2])
    tail = re.fullmatch(r"(?::(\d\d)(?:[.,](\d+))?)?[^+-]*(?:([+-])(\d\d):?(\d\d)?)?", text[16:])
    seconds, fraction, sign, hours, minutes = tail.groups() if tail else (None,) * 5
    shift = (60 * int(hours or 0) + int(minutes or 0)) * (-1 if sign == "-" else 1)
    # year 0, which a file may have, is no year of Python's calendar, whose 400 years repeat
    days = date((year % 400) + 400, month, day).toordinal() + 146_097 * (year // 400)
    total = (days * 24 + hour) * 60 + minute - shift
    return total, int(seconds or 0), (fraction or "").rstrip("0")


def _instant_key(text: pl.Expr) -> pl.Expr:
    """Microseconds since 1970 in UTC: a longer fraction is cut, which leaves the extremes among equals."""

    def number(pattern: str) -> pl.Expr:
        return text.str.extract(pattern).cast(pl.Int64, strict=False).fill_null(0)

    local = (text.str.slice(0, 10) + " " + text.str.slice(11, 5)).str.to_datetime(
        "%Y-%m-%d %H:%M", time_unit="us", strict=False
    )
    fraction = text.str.extract(r"[.,]([0-9]+)").fill_null("").str.pad_end(6, "0").str.slice(0, 6)
    shift = 60 * number(r"^.{16}[^+-]*[+-]([0-9]{2})") + number(r"^.{16}[^+-]*[+-][0-9]{2}:?([0-9]{2})$")
    east = pl.when(text.str.contains(r"^.{16}[^+-]*-")).then(-shift).otherwise(shift)
    seconds = number(r"^.{16}:([0-9]{2})") - 60 * east
    return local.dt.epoch("us") + 1_000_000 * seconds + fraction.cast(pl.Int64)


def _iso(zone: str, form: str) -> Kind:
    """Dates with times as ISO 8601 and databases write them, each with seconds and fractions or without."""
    pattern = rf"(?:{_ISO_DAY})[T ]{_ISO_CLOCK}{zone}"
    return Kind(ColumnType.DATETIME, pattern, _instant, _instant_key, form)


ISO_LOCAL, ISO_ZONED = _iso("", "ISO 8601"), _iso(_ZONE, "ISO 8601 with offset")


def _datetime(mark: str, seconds: str, name: str, zone: str = "") -> Kind:
    pattern = rf"(?:{_ISO_DAY}){mark}{_TIME}{seconds}{zone}"
    form = f"YYYY-MM-DD{mark}HH:MM{name}{zone}"
    return Kind(ColumnType.DATETIME, pattern, format=form, wider=ISO_ZONED if zone else ISO_LOCAL)


FLOAT = Kind(
    ColumnType.FLOAT,
    rf"[+-]?{_PLAIN}(?:[eE][+-]?[0-9]+)?|[+-]?(?:inf|Inf|INF|infinity|Infinity)|nan|NaN|NAN",
    Decimal,
    _double,
)
DECIMAL = Kind(ColumnType.DECIMAL, rf"[+-]?{_PLAIN}", Decimal, _double, within=FLOAT)
INTEGER = Kind(
    ColumnType.INTEGER,
    r"[+-]?(?:0|[1-9][0-9]{0,37})",
    int,
    lambda text: text.cast(pl.Int128, strict=False),
    within=DECIMAL,
)
BOOLEAN = Kind(
    ColumnType.BOOLEAN,
    r"true|false|True|False|TRUE|FALSE",
    lambda text: text.lower() == "true",
    lambda text: text.str.len_bytes() == len("true"),
)

_SECOND = ":[0-5][0-9]"
KINDS = (
    BOOLEAN,
    INTEGER,
    _date("ymd", "-"),
    _date("ymd", "/"),
    _date("dmy", "/"),
    _date("mdy", "/"),
    _date("dmy", "."),
    _date("dmy", "-"),
    _date("mdy", "-"),
    *(
        _datetime(mark, seconds, name, zone)
        for mark in ("T", " ")
        for seconds, name in (("", ""), (_SECOND, ":SS"), (_SECOND + r"\.[0-9]{3}", ":SS.SSS"))
        for zone in ("", "Z")
    ),
    ISO_LOCAL,
    ISO_ZONED,
    Kind(ColumnType.TIME, _TIME, format="HH:MM"),
    Kind(ColumnType.TIME, _TIME + _SECOND, format="HH:MM:SS"),
)
WIDER = frozenset(kind.wider for kind in KINDS if kind.wider)
