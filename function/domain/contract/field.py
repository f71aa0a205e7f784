"""One field of a Table Schema, as far as it can be checked on a profile. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from function.domain.contract.values import PATTERNS, Comparable, Form, comparable, directives
from function.domain.contract.words import Words

MOST_VALUES = 100  # of an enum
_NOTES = {"title", "description", "example", "rdfType"}


class FieldType(StrEnum):
    """The types of the standard that a profile can tell."""

    ANY = "any"
    STRING = "string"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    YEAR = "year"


NUMBERS = (FieldType.NUMBER, FieldType.INTEGER, FieldType.YEAR)
ORDERED = (*NUMBERS, FieldType.DATE, FieldType.DATETIME, FieldType.TIME)
LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_LISTED = (FieldType.STRING, FieldType.INTEGER, FieldType.YEAR, FieldType.DATE, FieldType.ANY)


@dataclass(frozen=True, slots=True)
class Field:
    """What a column must be.

    Attributes:
        name: of the column.
        type: of every value.
        form: how numbers, dates and times are written.
        required: whether no value may be missing.
        limits: each of `LIMITS` that is set, with its value as it stands in the schema, and as it compares.
        enum: the values that are allowed, as they are written; None for any.
    """

    name: str
    type: FieldType = FieldType.ANY
    form: Form = Form()  # noqa: RUF009 it is frozen
    required: bool = False
    limits: tuple[tuple[str, str, Comparable], ...] = ()
    enum: tuple[str, ...] | None = None

    @classmethod
    def read(cls, document: Any, number: int, problems: list[str]) -> Self:
        """Read a field; what is wrong is noted in `problems`."""
        words = Words(f"field {number}", document, problems)
        name = words.take("name", str, "")
        if not name:
            words.refuse("it has no name")
        words = Words(f"field {name!r}", document if name else {}, problems)
        words.take("name", str, "")
        type_ = FieldType(words.choice("type", FieldType, FieldType.ANY))
        form = _form(words, type_)
        constraints = Words(f"field {name!r}", words.take("constraints", dict, {}), problems)
        field = cls(
            name,
            type_,
            form,
            constraints.take("required", bool, False),
            tuple(_limits(constraints, type_, form)),
            _enum(constraints, type_),
        )
        if words.take("bareNumber", bool, True) is False:
            words.refuse("bareNumber cannot be checked: signs such as % and € make a text of a number")
        if words.take("missingValues", list, [""]) != [""]:
            words.refuse('missingValues other than [""]: only empty fields are counted as missing')
        constraints.finish()
        words.finish(_NOTES)
        return field


def _form(words: Words, type_: FieldType) -> Form:
    """`format`, `decimalChar` and `groupChar`."""
    written = words.take("format", str, "default")
    point = words.take("decimalChar", str, ".") if type_ is FieldType.NUMBER else "."
    group = words.take("groupChar", str, "") if type_ in NUMBERS else ""
    if point not in {".", ","} or group not in {"", ",", ".", " ", "'"} or point == group:
        words.refuse(f"decimalChar {point!r} with groupChar {group!r}: such numbers are read as text")
    if written in {"default", "any"}:
        return Form("" if written == "any" else PATTERNS[type_][0] if type_ in PATTERNS else "", point, group)
    known = {directives(pattern): pattern for pattern in PATTERNS.get(type_, ())}
    if written not in known:
        allowed = ", ".join(["default", "any", *known])
        words.refuse(f"format {written!r} of a {type_} cannot be checked; what can: {allowed}")
        return Form()
    return Form(known[written], point, group)


def _limits(constraints: Words, type_: FieldType, form: Form) -> list[tuple[str, str, Comparable]]:
    found = []
    for name in LIMITS:
        value = constraints.take(name, object, None)
        if value is None:
            continue
        if type_ not in ORDERED:
            constraints.refuse(f"{name} cannot be checked on the type {type_}")
        elif (limit := comparable(str(value), type_, form)) is None:
            constraints.refuse(f"{name} {value!r} is no {type_}")
        else:
            found.append((name, str(value), limit))
    return found


def _enum(constraints: Words, type_: FieldType) -> tuple[str, ...] | None:
    values: list[Any] | None = constraints.take("enum", list, None)
    if values is None:
        return None
    if type_ not in _LISTED:
        constraints.refuse(
            f"enum cannot be checked on the type {type_}: values are compared as they are written"
        )
    if not 1 <= len(values) <= MOST_VALUES:
        constraints.refuse(f"enum has {len(values)} values: there must be 1 to {MOST_VALUES}")
    return tuple(map(str, values))
