"""Which code this is: what different code reads of one file does not make one result."""

import functools
import hashlib
from importlib import metadata
from pathlib import Path

import function

_LIBRARY = "polars"  # which reads, too


@functools.cache
def identity() -> str:
    """SHA-256 of the function's sources, and of the version of the library that reads with them."""
    digest = hashlib.sha256(metadata.version(_LIBRARY).encode())
    root = Path(function.__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(b"\0%b\0" % str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
