"""A field of a contract beside the column of a file. Pure."""

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from function.domain.content import Column, ColumnType
from function.domain.contract.breaches import Breach, BreachCode, quoted
from function.domain.contract.field import NUMBERS, Field, FieldType
from function.domain.contract.values import Form, comparable
from function.domain.findings import Finding

_FITS: Mapping[FieldType, tuple[ColumnType, ...]] = {
    FieldType.NUMBER: (ColumnType.INTEGER, ColumnType.DECIMAL, ColumnType.FLOAT),
    FieldType.INTEGER: (ColumnType.INTEGER,),
    FieldType.YEAR: (ColumnType.INTEGER,),
    FieldType.BOOLEAN: (ColumnType.BOOLEAN,),
    FieldType.DATE: (ColumnType.DATE,),
    FieldType.DATETIME: (ColumnType.DATETIME,),
    FieldType.TIME: (ColumnType.TIME,),
}
_TIMES = (FieldType.DATE, FieldType.DATETIME, FieldType.TIME)
# which end of the values tells, what it must not be, and how that is said
_LIMITS: Mapping[str, tuple[str, Callable[[Any, Any], bool], BreachCode, str]] = {
    "minimum": ("min", operator.lt, BreachCode.MINIMUM, "below"),
    "exclusiveMinimum": ("min", operator.le, BreachCode.MINIMUM, "not above"),
    "maximum": ("max", operator.gt, BreachCode.MAXIMUM, "above"),
    "exclusiveMaximum": ("max", operator.ge, BreachCode.MAXIMUM, "not below"),
}


def column_breaches(field: Field, column: Column, outside: int) -> Iterator[Breach]:
    """What the column has against the field.

    Args:
        field: what is expected.
        column: what there is.
        outside: how many different values are none of the field's enum.
    """
    name = field.name
    if field.required and column.nulls:
        verb = "is" if column.nulls == 1 else "are"
        yield Breach(
            BreachCode.REQUIRED,
            f"{quoted(name)} is required, and {column.nulls:,} of its values {verb} missing",
            name,
        )
    if column.type is ColumnType.EMPTY:
        return
    if not _is_of_type(field, column):
        yield Breach(BreachCode.TYPE, f"{quoted(name)} is {column.type}, and must be {field.type}", name)
        return
    if (written := _other_format(field, column)) is not None:
        yield Breach(BreachCode.FORMAT, f"{quoted(name)} is written {written}", name)
        return
    yield from _beyond(field, column)
    if outside:
        values = "value is" if outside == 1 else "different values are"
        yield Breach(
            BreachCode.ENUM, f"{outside:,} {values} in {quoted(name)} that the contract does not list", name
        )


def _is_of_type(field: Field, column: Column) -> bool:
    allowed = _FITS.get(field.type)
    if allowed is None or column.type in allowed:
        return field.type is not FieldType.YEAR or (_at(column.min, 0) >= 0 and _at(column.max, 0) <= 9999)
    if field.type is FieldType.BOOLEAN:  # 1 and 0 are truth values of the standard
        return column.type is ColumnType.INTEGER and {column.min, column.max} <= {"0", "1"}
    return _is_ambiguous(column) and field.type in NUMBERS and column.type in _FITS[FieldType.NUMBER]


def _at(text: str | None, default: int) -> int:
    return int(text) if text and text.removeprefix("-").isdecimal() else default


def _is_ambiguous(column: Column) -> bool:
    return bool({Finding.AMBIGUOUS_DATE, Finding.AMBIGUOUS_NUMBER} & set(column.remarks))


def _other_format(field: Field, column: Column) -> str | None:
    """How the column is written, and how it must be, if it is not so; what can be read both ways is."""
    written = column.format or ""
    if field.type in NUMBERS and not _is_ambiguous(column):
        group, point = _marks(column)
        if (point and point != field.form.point) or (group and group != field.form.group):
            plain = (
                "1234"
                if field.type is not FieldType.NUMBER
                else f"1{field.form.group}234{field.form.point}56"
            )
            return f"{written or '1234.56'}, and must be {plain}"
    if field.type in _TIMES and field.form.pattern and not _agree(written, field.form.pattern, column):
        return f"{written}, and must be {field.form.pattern}"
    return None


def _marks(column: Column) -> tuple[str, str]:
    """What separates thousands, and decimals, as far as the column shows it."""
    if column.format is None:
        return "", "" if column.type is ColumnType.INTEGER else "."
    group, _, fraction = column.format.removeprefix("1").rpartition("234")
    return group, fraction[:1]


def _agree(written: str, pattern: str, column: Column) -> bool:
    if pattern == "ISO 8601":
        return written.startswith(("YYYY-MM-DD", "ISO 8601"))
    forms = {_loose(written, ambiguous=_is_ambiguous(column), seconds=seconds) for seconds in (":SS", "")}
    return _loose(pattern, ambiguous=_is_ambiguous(column), seconds="") in forms


def _loose(form: str, *, ambiguous: bool, seconds: str) -> str:
    """A format without what does not matter: zeros before a day, and its order where that cannot be told."""
    day, blank, clock = form.partition(" ")
    day = day.replace("DD", "D").replace("MM", "M")
    if ambiguous:
        day = day.replace("D", "N").replace("M", "N")
    return day + blank + clock.replace("[:SS]", seconds)


def _beyond(field: Field, column: Column) -> Iterator[Breach]:
    """The limits that the smallest or the largest value is beyond."""
    form = field.form
    if field.type in _TIMES and form.pattern in {"", "ISO 8601"}:
        form = Form((column.format or "").replace("[:SS]", ""))
    for name, text, limit in field.limits:
        end, is_beyond, code, said = _LIMITS[name]
        value = getattr(column, end)
        found = comparable(value, field.type, form) if value is not None else None
        if found is not None and is_beyond(found, limit):
            yield Breach(
                code, f"{quoted(field.name)} has a value {said} {text}", field.name
            )  # which, its column says
