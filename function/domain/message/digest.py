"""The proof of a file's bytes, as people read it. Pure."""

from collections.abc import Mapping
from typing import Any


def digest(file: Mapping[str, Any]) -> str:
    """The SHA-256 of a file, or of its parts, with what `pipeline hash` needs to make it of another copy.

    Args:
        file: `source` of a result of any release, or a row; both have `sha256` and `sha256_parts`.

    Returns:
        Empty if the file could not be read to its end.
    """
    if parts := file.get("sha256_parts"):
        return f"{parts['root']} of the digests of {parts['count']:,} parts of {parts['part_bytes']} bytes"
    return file["sha256"] or ""
