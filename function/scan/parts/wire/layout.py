"""How the records of a file are laid out, as its head settled it: to JSON and back."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from function.domain.content import Use
from function.scan.layout.layout import Layout
from function.scan.parts.wire.ledger import sample_documents, samples_of
from function.scan.syntax.grammar import Grammar


def layout_document(layout: Layout) -> dict[str, Any]:
    """A layout as a JSON-ready document."""
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


def layout_of(document: Mapping[str, Any]) -> Layout:
    """The layout of its document."""
    names = document["names"]
    changed = {
        "grammar": Grammar(**document["grammar"]),
        "lines": Counter({Use(use): lines for use, lines in document["lines"].items()}),
        "names": None if names is None else tuple(names),
        "typed": frozenset(document["typed"]),
        "doubts": samples_of(document["doubts"]),
    }
    return Layout(**{**document, **changed})
