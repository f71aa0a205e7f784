"""A contract made out of a result, for people to change. Pure."""

import re
from typing import Any

from function.domain.content import ColumnType
from function.domain.contract.values import PATTERNS, directives
from function.domain.model import Document

_TYPES = {
    ColumnType.DECIMAL: "number",
    ColumnType.FLOAT: "number",
    ColumnType.EMPTY: "any",
}


def suggest(csv: Document) -> Document:
    """A Table Schema that the file keeps: names, types and formats; required is what no value is missing of.

    No limits and no lists of values: nobody can tell from one file which others are right.

    Args:
        csv: the part of result.json.
    """
    schema: Document = {"fields": [_field(column, csv["rows"]) for column in csv["columns"]]}
    if not csv["dialect"]["header"]:
        schema["header"] = False
    return {**schema, "rows": {"minimum": min(1, csv["rows"])}}


def _field(column: Document, rows: int) -> Document:
    type_, written = column["type"], column["format"]
    field: dict[str, Any] = {"name": column["name"], "type": _TYPES.get(type_, type_)}
    if field["type"] in {"number", "integer"} and written:
        group, _, fraction = written.removeprefix("1").rpartition("234")
        field |= {"groupChar": group} if group else {}
        field |= {"decimalChar": fraction[0]} if fraction and type_ != ColumnType.INTEGER else {}
    if field["type"] in PATTERNS:
        field |= _format(field["type"], written or "")
    if rows and not column["nulls"] and type_ != ColumnType.EMPTY:
        field["constraints"] = {"required": True}
    return field


def _format(type_: str, written: str) -> Document:
    """`format`, where it is not the default of the standard."""
    if type_ == ColumnType.DATETIME and written.startswith(("YYYY-MM-DD", "ISO 8601")):
        return {}
    pattern = re.sub(r"\b([DM])\b", r"\1\1", written).replace("[:SS]", ":SS")
    if pattern == PATTERNS[type_][0]:
        return {}
    return {"format": directives(pattern) if pattern in PATTERNS[type_] else "any"}
