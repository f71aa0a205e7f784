"""`pipeline profile`: only the scan, on this machine, without any service."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from function.document import csv_document
from function.report import error_document
from function.scan import Options, scan

_CHUNK_BYTES = 1024**2


def profile(path: Path) -> dict[str, Any]:
    """Scan one file: {"path", "status", "csv", "error"}, with `csv` and `error` as in result.json.

    Raises:
        OSError: the file cannot be read.
    """
    found = scan(_chunks(path), Options(max_rejected=None, max_ragged=None, max_doubts=None))
    return {
        "path": str(path),
        "status": "failed" if found.error else "succeeded",
        "csv": csv_document(found.profile) if found.profile else None,
        "error": error_document(found.error) if found.error else None,
    }


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
