"""What the head of a file settled: to JSON and back."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from function.domain.content import Dialect, Use
from function.domain.instructions import Options
from function.scan.head import Head
from function.scan.layout.layout import Layout
from function.scan.parts.model import Plan
from function.scan.parts.wire.ledger import sample_documents, samples_of
from function.scan.syntax.grammar import Grammar


def plan_document(plan: Plan) -> dict[str, Any]:
    """A plan as a JSON-ready document."""
    return {
        "size": plan.size,
        "part_bytes": plan.part_bytes,
        "options": asdict(plan.options),
        "encoding": plan.encoding,
        "head": _head_document(plan.head),
    }


def plan_of(document: Mapping[str, Any]) -> Plan:
    """The plan of its document."""
    options, head = Options(**document["options"]), _head_of(document["head"])
    return Plan(document["size"], document["part_bytes"], options, document["encoding"], head)


def _head_document(head: Head) -> dict[str, Any]:
    return {
        "layout": _layout_document(head.layout),
        "dialect": asdict(head.dialect),
        "names": head.names,
        "line": head.line,
        "offset": head.offset,
    }


def _head_of(document: Mapping[str, Any]) -> Head:
    layout, dialect = _layout_of(document["layout"]), Dialect(**document["dialect"])
    return Head(layout, dialect, tuple(document["names"]), document["line"], document["offset"])


def _layout_document(layout: Layout) -> dict[str, Any]:
    return {
        "grammar": asdict(layout.grammar),
        "width": layout.width,
        "offset": layout.offset,
        "line": layout.line,
        "lines": dict(layout.lines),
        "names": layout.names,
        "header": layout.header,
        "confidence": layout.confidence,
        "typed": sorted(layout.typed),
        "remarked": layout.remarked,
        "commented": layout.commented,
        "line_end": layout.line_end,
        "doubts": sample_documents(layout.doubts),
    }


def _layout_of(document: Mapping[str, Any]) -> Layout:
    names = document["names"]
    changed = {
        "grammar": Grammar(**document["grammar"]),
        "lines": Counter({Use(use): lines for use, lines in document["lines"].items()}),
        "names": None if names is None else tuple(names),
        "typed": frozenset(document["typed"]),
        "doubts": samples_of(document["doubts"]),
    }
    return Layout(**{**document, **changed})
