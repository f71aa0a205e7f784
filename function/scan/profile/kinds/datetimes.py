"""How dates with times are written: ISO 8601 in full, with what databases make of it, and times alone."""

import re
from datetime import date
from typing import TYPE_CHECKING

from function.domain.content import ColumnType
from function.scan.profile.kinds.dates import SECOND, TIME, day_pattern
from function.scan.profile.kinds.kind import Kind

if TYPE_CHECKING:
    import polars as pl

_ISO_DAY, _ISO_CLOCK = day_pattern("ymd", "-"), rf"{TIME}(?:{SECOND}(?:[.,][0-9]+)?)?"
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


def _instant_key(text: "pl.Expr") -> "pl.Expr":
    """Microseconds since 1970 in UTC: a longer fraction is cut, which leaves the extremes among equals."""
    import polars as pl  # noqa: PLC0415

    def number(pattern: str) -> "pl.Expr":
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
    return Kind(ColumnType.DATETIME, pattern, _instant, _instant_key, form, mark=":")


ISO_LOCAL, ISO_ZONED = _iso("", "ISO 8601"), _iso(_ZONE, "ISO 8601 with offset")


def _datetime(mark: str, seconds: str, name: str, zone: str = "") -> Kind:
    pattern = rf"(?:{_ISO_DAY}){mark}{TIME}{seconds}{zone}"
    form = f"YYYY-MM-DD{mark}HH:MM{name}{zone}"
    wider = ISO_ZONED if zone else ISO_LOCAL
    return Kind(ColumnType.DATETIME, pattern, format=form, wider=(wider,), mark=zone or mark)


INSTANTS = (
    *(
        _datetime(mark, seconds, name, zone)
        for mark in ("T", " ")
        for seconds, name in (("", ""), (SECOND, ":SS"), (SECOND + r"\.[0-9]{3}", ":SS.SSS"))
        for zone in ("", "Z")
    ),
    Kind(ColumnType.TIME, TIME, format="HH:MM", mark=":"),
    Kind(ColumnType.TIME, TIME + SECOND, format="HH:MM:SS", mark=":"),
)
