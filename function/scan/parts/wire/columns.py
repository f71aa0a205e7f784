"""What is known of the columns, and of the records, of a part: to JSON and back."""

from collections.abc import Mapping
from typing import Any

from function.domain.errors import DefectError
from function.domain.model import Document
from function.scan.parts.wire.body import sketch_documents, sketches_of
from function.scan.parts.wire.ledger import ledger_document, ledger_of
from function.scan.profile.distinct import Hashes, Sketch
from function.scan.profile.kinds.kind import Kind
from function.scan.profile.kinds.preference import RANK
from function.scan.profile.summary import ColumnSummary, Range
from function.scan.profile.tally import Tally


def _name(kind: Kind) -> str:
    return " ".join(filter(None, (kind.type, kind.format, kind.convention)))


NAMES: Mapping[Kind, str] = {kind: _name(kind) for kind in RANK}
_KINDS = {name: kind for kind, name in NAMES.items()}


def tally_document(tally: Tally) -> tuple[Document, Hashes]:
    """A tally as a JSON-ready document, and its hashes."""
    sketches, hashes = sketch_documents([column.distinct for column in tally.columns])
    columns = [_column_document(column) for column in tally.columns]
    return {"ledger": ledger_document(tally.ledger), "columns": columns, "distinct": sketches}, hashes


def tally_of(document: Mapping[str, Any], hashes: Hashes) -> Tally:
    """The tally of its document."""
    sketches = sketches_of(document["distinct"], hashes)
    return Tally(ledger_of(document["ledger"]), tuple(map(_column_of, document["columns"], sketches)))


def _column_document(column: ColumnSummary) -> Document:
    return {
        "values": column.values,
        "nulls": column.nulls,
        "text": column.text,
        "longest": column.longest,
        "kinds": {NAMES[kind]: span for kind, span in column.kinds.items()},
        "padded": column.padded,
        "blank": column.blank,
    }


def _column_of(document: Mapping[str, Any], distinct: Sketch) -> ColumnSummary:
    return ColumnSummary(
        document["values"],
        document["nulls"],
        _range(document["text"]),
        document["longest"],
        distinct,
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
