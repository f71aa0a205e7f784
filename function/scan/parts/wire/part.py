"""What was read of a part: to JSON and back."""

from collections.abc import Mapping
from typing import Any

from function.domain.findings import Finding
from function.domain.model import Document
from function.scan.parts.model import Part, TextOfPart
from function.scan.parts.wire.columns import tally_document, tally_of
from function.scan.parts.wire.ledger import error_document, error_of
from function.scan.profile.distinct import Hashes


def part_document(part: Part) -> tuple[Document, Hashes]:
    """A part as a JSON-ready document, and its hashes."""
    tally, hashes = tally_document(part.tally)
    document = {
        "number": part.number,
        "start": part.start,
        "stop": part.stop,
        "digest": part.digest.hex(),
        "tally": tally,
        "text": _text_document(part.text),
        "doubt": part.doubt,
        "wants": part.wants,
        "error": error_document(part.error),
    }
    return document, hashes


def part_of(document: Mapping[str, Any], hashes: Hashes) -> Part:
    """The part of its document."""
    changed = {
        "digest": bytes.fromhex(document["digest"]),
        "tally": tally_of(document["tally"], hashes),
        "text": _text_of(document["text"]),
        "error": error_of(document["error"]),
    }
    return Part(**{**document, **changed})


def _text_document(text: TextOfPart) -> dict[str, Any]:
    return {
        "encoding": text.encoding,
        "size": text.size,
        "feeds": text.feeds,
        "lines": text.lines,
        "ragged": text.ragged,
        "found": dict(text.found),
        "first": dict(text.first),
    }


def _text_of(document: Mapping[str, Any]) -> TextOfPart:
    counts = {
        name: {Finding(finding): count for finding, count in document[name].items()}
        for name in ("found", "first")
    }
    return TextOfPart(**{**document, **counts})
