"""What all parts together are: to JSON and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from function.domain.content import (
    Column,
    ColumnType,
    Dialect,
    PartsDigest,
    Profile,
    RecordCounts,
    Reject,
    Scan,
    Use,
)
from function.domain.findings import CsvWarning, Finding
from function.domain.instructions import Options
from function.domain.model import Document
from function.scan.parts.model import Merged
from function.scan.parts.wire.body import sketch_documents, sketches_of
from function.scan.parts.wire.ledger import error_document, error_of, sample_documents, samples_of
from function.scan.profile import large
from function.scan.profile.distinct import DistinctValues, Hashes, no_hashes


def merged_document(merged: Merged) -> tuple[Document, Hashes]:
    """A merged scan as a JSON-ready document, and its hashes."""
    scan, values = merged.scan, merged.scan.values
    sketches, hashes = (
        sketch_documents(values.columns) if isinstance(values, DistinctValues) else (None, no_hashes())
    )
    document = {
        "size": scan.size,
        "profile": _profile_document(scan.profile) if scan.profile else None,
        "error": error_document(scan.error),
        "options": asdict(scan.options),
        "values": sketches,
        "parts": asdict(scan.parts) if scan.parts else None,
    }
    return document, hashes


def merged_of(document: Mapping[str, Any], hashes: Hashes) -> Merged:
    """The merged scan of its document."""
    profile, values, parts = document["profile"], document["values"], document["parts"]
    scan = Scan(
        sha256=None,
        size=document["size"],
        profile=_profile_of(profile) if profile else None,
        error=error_of(document["error"]),
        options=Options(**document["options"]),
        values=None if values is None else DistinctValues(list(sketches_of(values, hashes)), large.hashes),
        parts=PartsDigest(**parts) if parts else None,
    )
    return Merged(scan)


def _profile_document(profile: Profile) -> dict[str, Any]:
    return {**asdict(profile), "samples": sample_documents(profile.samples)}


def _profile_of(document: Mapping[str, Any]) -> Profile:
    return Profile(
        tuple(map(_column_of, document["columns"])),
        Dialect(**document["dialect"]),
        _records_of(document["records"]),
        tuple(Reject(**each) for each in document["rejects"]),
        {Finding(finding): count for finding, count in document["findings"].items()},
        samples_of(document["samples"]),
        tuple(CsvWarning(**each) for each in document["warnings"]),
    )


def _column_of(document: Mapping[str, Any]) -> Column:
    remarks = tuple(map(Finding, document["remarks"]))
    return Column(**{**document, "type": ColumnType(document["type"]), "remarks": remarks})


def _records_of(document: Mapping[str, Any]) -> RecordCounts:
    return RecordCounts(**{**document, "lines": {Use(use): n for use, n in document["lines"].items()}})
