"""`pipeline profile`: only the scan, on this machine, without any service."""

from collections.abc import Iterator
from typing import Any

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
    found = scan(_chunks(item), Options(max_rejected=None, max_ragged=None, max_doubts=None))
    return {
        "path": str(item.path),
        "status": "failed" if found.error else "succeeded",
        "csv": csv_document(found.profile) if found.profile else None,
        "error": error_document(found.error) if found.error else None,
    }


def _chunks(item: Input) -> Iterator[bytes]:
    with item.open() as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
