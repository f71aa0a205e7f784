"""The expressions that EventBridge Scheduler takes for a schedule that repeats. Pure: text in, fault out.

Source: "Schedule types in EventBridge Scheduler" in its user guide. `at(...)` is left out: it calls once.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

ALLOWED = (
    '"rate(1 hour)", "rate(2 days)", "cron(0 6 * * ? *)"'
    " (minutes hours day-of-month month day-of-week year), or empty for none"
)
_RATE = re.compile(r"rate\(([1-9]\d{0,4}) (minute|hour|day)(s?)\)", re.ASCII)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_ANY = "?"


@dataclass(frozen=True, slots=True)
class _Field:
    """One field of a cron expression: numbers from `low` to `high`, names for them, and its own wildcards."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    wildcards: str = "(?!)"  # matches nothing


_FIELDS = (
    _Field("minutes", 0, 59),
    _Field("hours", 0, 23),
    _Field("day-of-month", 1, 31, wildcards=r"L|LW|([1-9]|[12]\d|3[01])W"),
    _Field("month", 1, 12, _MONTHS),
    _Field("day-of-week", 1, 7, _DAYS, rf"L|([1-7]|{'|'.join(_DAYS)})(L|#[1-5])"),
    _Field("year", 1970, 2199),
)
_DAY_OF_MONTH, _DAY_OF_WEEK = 2, 4


def fault(expression: str) -> str:
    """What Scheduler would refuse the expression for; empty if nothing."""
    if expression.startswith("rate("):
        return _rate_fault(expression)
    if expression.startswith("cron(") and expression.endswith(")"):
        return _cron_fault(expression.removeprefix("cron(").removesuffix(")").upper().split())
    return "it is neither a rate nor a cron expression"


def interval(expression: str) -> timedelta | None:
    """The time from one call to the next of a rate; None of a cron expression, whose calls may be uneven."""
    found = _RATE.fullmatch(expression)
    return timedelta(**{f"{found[2]}s": int(found[1])}) if found else None


def _rate_fault(expression: str) -> str:
    found = _RATE.fullmatch(expression)
    if not found:
        return "a rate is a whole number above 0 and minutes, hours or days"
    number, unit, plural = found.groups()
    if (number == "1") == bool(plural):
        return f"it must be {unit!r} after 1, and {unit + 's'!r} after any other number"
    return ""


def _cron_fault(texts: list[str]) -> str:
    if len(texts) != len(_FIELDS):
        return f"a cron expression has {len(_FIELDS)} fields, not {len(texts)}"
    if (texts[_DAY_OF_MONTH] == _ANY) == (texts[_DAY_OF_WEEK] == _ANY):
        return "one of day-of-month and day-of-week must be ?, and the other may not be"
    for field, text in zip(_FIELDS, texts, strict=True):
        is_any = text == _ANY and field.name.startswith("day-")
        if not (is_any or all(_is_item(item, field) for item in text.split(","))):
            return f"{field.name} cannot be {text!r}"
    return ""


def _is_item(item: str, field: _Field) -> bool:
    """Whether a field may hold `*`, a value, a range, any of them with a step, or a wildcard of its own."""
    base, slash, step = item.partition("/")
    if slash and not _is_number(step, 1, field.high):
        return False
    if base == "*":
        return True
    first, dash, last = base.partition("-")
    if _is_value(first, field):
        return not dash or _is_value(last, field)
    return not slash and re.fullmatch(field.wildcards, base, re.ASCII) is not None


def _is_value(text: str, field: _Field) -> bool:
    return text in field.names or _is_number(text, field.low, field.high)


def _is_number(text: str, low: int, high: int) -> bool:
    return re.fullmatch(r"\d{1,4}", text, re.ASCII) is not None and low <= int(text) <= high
