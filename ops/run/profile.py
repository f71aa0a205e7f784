"""`pipeline profile`: only the scan, on this machine, without any service."""

from collections.abc import Iterator
from typing import Any

from function.domain.content import Scan
from function.domain.csv_document import csv_document
from function.domain.report import error_document
from function.scan import Options, scan
from ops.run.inputs import Input

_CHUNK_BYTES = 1024**2


def profile(item: Input) -> dict[str, Any]:
    """Scan one file: {"path", "status", "csv", "error"}, with `csv` and `error` as in result.json.

    Raises:
        OSError: the file cannot be read.
    """
    found = read(item)
    return {
        "path": str(item.path),
        "status": "failed" if found.error else "succeeded",
        "csv": csv_document(found.profile) if found.profile else None,
        "error": error_document(found.error) if found.error else None,
    }


def read(item: Input) -> Scan:
    """Scan one file, whatever the policy says.

    Raises:
        OSError: the file cannot be read.
    """
    return scan(chunks(item), Options(max_rejected=None, max_ragged=None, max_doubts=None))


def chunks(item: Input) -> Iterator[bytes]:
    """The bytes of an input, in portions; an OSError if they cannot be had."""
    with item.open() as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
