"""The parts of an object: how large, how many, and the digest of all. Pure."""

import hashlib
from collections.abc import Iterable
from typing import Literal, Protocol

MEGABYTE = 1024**2
MAX_PARTS = 8_000
"""So many items fit into the 256 KB that a state may pass on ("Service quotas", AWS Step Functions)."""
Progress = Literal["running", "missing", "ended"]
"""How far an execution is; `missing`: it was never started."""


class Plan(Protocol):
    """What was settled on the head of a file before its parts are read; only the reader looks into it."""

    @property
    def count(self) -> int:
        """The number of parts."""


def part_bytes(size: int, megabytes: int) -> int:
    """Bytes of one part: whole megabytes, as many as asked for, or more where that gives too many parts."""
    return max(megabytes, -(-size // (MAX_PARTS * MEGABYTE))) * MEGABYTE


def parts_digest(digests: Iterable[bytes]) -> str:
    """Hex SHA-256 over the SHA-256 digests of all parts, in order: what S3 calls a composite checksum."""
    whole = hashlib.sha256()
    for digest in digests:
        whole.update(digest)
    return whole.hexdigest()
