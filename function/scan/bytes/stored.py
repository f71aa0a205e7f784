"""The stored bytes: counted and hashed as they pass, all of them, whatever the reader makes of them."""

import hashlib
from collections.abc import Iterable, Iterator


class StoredBytes:
    """Iterates over the non-empty chunks of an object and keeps their SHA-256 and number of bytes."""

    def __init__(self, chunks: Iterable[bytes]):
        self._chunks = iter(chunks)
        self._hash = hashlib.sha256()
        self._whole = False
        self._broken = False
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        try:
            for chunk in self._chunks:
                if chunk:
                    self._hash.update(chunk)
                    self.size += len(chunk)
                    yield chunk
        except Exception:
            self._broken = True  # a generator that raised ends quietly when it is asked again
            raise
        self._whole = not self._broken

    def drain(self) -> None:
        """Read to the end without looking, so that hash and size cover every byte."""
        for _ in self:
            pass

    @property
    def sha256(self) -> str | None:
        """Hex digest of all bytes; None unless they have been read to their end."""
        return self._hash.hexdigest() if self._whole else None
