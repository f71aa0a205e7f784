"""What is known of the columns, and of the records, of a part: to JSON and back."""

import sys
from array import array
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from function.domain.errors import DefectError
from function.scan.parts.wire.ledger import ledger_document, ledger_of
from function.scan.profile.distinct import Sketch
from function.scan.profile.kinds.kind import Kind
from function.scan.profile.kinds.preference import RANK
from function.scan.profile.summary import ColumnSummary, Range
from function.scan.profile.tally import Tally

_WORD = "Q"  # of an array: 64 bits without a sign


def _name(kind: Kind) -> str:
    return " ".join(filter(None, (kind.type, kind.format, kind.convention)))


NAMES: Mapping[Kind, str] = {kind: _name(kind) for kind in RANK}
_KINDS = {name: kind for kind, name in NAMES.items()}


def tally_document(tally: Tally) -> dict[str, Any]:
    """A tally as a JSON-ready document."""
    columns = [_column_document(column) for column in tally.columns]
    return {"ledger": ledger_document(tally.ledger), "columns": columns}


def tally_of(document: Mapping[str, Any]) -> Tally:
    """The tally of its document."""
    return Tally(ledger_of(document["ledger"]), tuple(map(_column_of, document["columns"])))


def sketch_document(sketch: Sketch) -> dict[str, Any]:
    """A sketch as a JSON-ready document: base64 of its hashes, eight bytes each, the lowest first."""
    packed = _little_endian(array(_WORD, sketch.hashes)).tobytes()
    return {"size": sketch.size, "hashes": b64encode(packed).decode()}


def sketch_of(document: Mapping[str, Any]) -> Sketch:
    """The sketch of its document."""
    hashes = array(_WORD, b64decode(document["hashes"]))
    return Sketch(tuple(_little_endian(hashes)), document["size"])


def _column_document(column: ColumnSummary) -> dict[str, Any]:
    return {
        "values": column.values,
        "nulls": column.nulls,
        "text": column.text,
        "longest": column.longest,
        "distinct": sketch_document(column.distinct),
        "kinds": {NAMES[kind]: span for kind, span in column.kinds.items()},
        "padded": column.padded,
        "blank": column.blank,
    }


def _column_of(document: Mapping[str, Any]) -> ColumnSummary:
    return ColumnSummary(
        document["values"],
        document["nulls"],
        _range(document["text"]),
        document["longest"],
        sketch_of(document["distinct"]),
        {_kind(name): _range(span) for name, span in document["kinds"].items()},
        document["padded"],
        document["blank"],
    )


def _range(span: list[str] | None) -> Range | None:
    return (span[0], span[1]) if span else None


def _kind(name: str) -> Kind:
    if name not in _KINDS:
        raise DefectError(f"the part was read by another version of the function: it has no kind {name!r}")
    return _KINDS[name]


def _little_endian(words: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        words.byteswap()
    return words
