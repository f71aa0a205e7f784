"""How values are written, and what compares them. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal, InvalidOperation

Comparable = Decimal | datetime | time

_DAYS = ("YYYY-MM-DD", "YYYY/MM/DD", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "MM-DD-YYYY", "DD.MM.YYYY")
_CLOCKS = ("HH:MM:SS", "HH:MM")
PATTERNS: Mapping[str, tuple[str, ...]] = {
    "date": _DAYS,
    "datetime": ("ISO 8601", *(f"{day} {clock}" for day in _DAYS for clock in _CLOCKS)),
    "time": _CLOCKS,
}
"""The formats that a profile tells, for each type; the first is the default of the standard."""


@dataclass(frozen=True, slots=True)
class Form:
    """How numbers, dates or times are written.

    Attributes:
        pattern: of dates and times, one of `PATTERNS`; empty for any.
        point: the decimal mark.
        group: what separates thousands, if anything does.
    """

    pattern: str = ""
    point: str = "."
    group: str = ""


def comparable(text: str, type_: str, form: Form) -> Comparable | None:
    """What compares a value with others of its type; None if it is no such value, or no finite one."""
    try:
        match type_:
            case "date" | "datetime":
                return _moment(text, form.pattern)
            case "time":
                return time.fromisoformat(text)
        number = Decimal(_plain(text, form))
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None


def _plain(text: str, form: Form) -> str:
    grouped = "\u00a0\u2009\u202f " if form.group == " " else "'\u2019" if form.group == "'" else form.group
    return text.translate(str.maketrans("", "", grouped)).replace(form.point, ".")


def _moment(text: str, pattern: str) -> datetime:
    """A date, or a date and time, in UTC where nothing else is said; in ISO 8601 or as the pattern says."""
    try:
        moment = datetime.fromisoformat(re.sub(r" ?(UTC|GMT)$", "+00:00", text).replace("/", "-"))
    except ValueError:
        seconds = ":SS" if text.count(":") == 2 else ""
        form = directives(re.sub(r"(HH:MM).*", rf"\1{seconds}", pattern))
        moment = datetime.strptime(text, form)  # noqa: DTZ007 it has no zone
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def directives(pattern: str) -> str:
    """A pattern as the standard, and `strptime`, write it: `DD/MM/YYYY HH:MM` becomes `%d/%m/%Y %H:%M`."""
    form = pattern.replace("HH:MM", "%H:%M").replace(":SS", ":%S")
    return re.sub("D+", "%d", re.sub("(?<!%)M+", "%m", re.sub("Y+", "%Y", form)))
