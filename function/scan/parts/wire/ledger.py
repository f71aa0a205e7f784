"""What became of each line, and why a file fails: to JSON and back."""

from collections.abc import Iterable, Mapping
from typing import Any

from function.domain.content import Use
from function.domain.errors import ErrorCode, FileError
from function.domain.findings import Finding, Sample
from function.scan.records.ledger import Ledger


def ledger_document(ledger: Ledger) -> dict[str, Any]:
    """A ledger as a JSON-ready document."""
    return {
        "records": ledger.records,
        "lines": dict(ledger.lines),
        "found": dict(ledger.found),
        "samples": sample_documents(ledger.samples),
        "widths": [[use, fields, line] for (use, fields), line in ledger.widths.items()],
    }


def ledger_of(document: Mapping[str, Any]) -> Ledger:
    """The ledger of its document."""
    return Ledger(
        document["records"],
        {Use(use): lines for use, lines in document["lines"].items()},
        {Finding(finding): count for finding, count in document["found"].items()},
        samples_of(document["samples"]),
        {(Use(use), fields): line for use, fields, line in document["widths"]},
    )


def sample_documents(samples: Iterable[Sample]) -> list[list[str | int]]:
    """Each sample as its finding, line, offset and excerpt."""
    return [[sample.finding, sample.line, sample.offset, sample.excerpt] for sample in samples]


def samples_of(documents: Iterable[list[Any]]) -> tuple[Sample, ...]:
    """The samples of their documents."""
    return tuple(Sample(Finding(finding), *place) for finding, *place in documents)


def error_document(error: FileError | None) -> dict[str, Any] | None:
    """An error as a JSON-ready document."""
    if error is None:
        return None
    return {
        "code": error.code,
        "message": error.message,
        "line": error.line,
        "column": error.column,
        "unquoted": error.unquoted,
    }


def error_of(document: Mapping[str, Any] | None) -> FileError | None:
    """The error of its document."""
    if document is None:
        return None
    places = {name: document[name] for name in ("line", "column", "unquoted")}
    return FileError(ErrorCode(document["code"]), document["message"], **places)
