"""The stored bytes that a part reads: hashed as far as the plan assigns them to it."""

import hashlib
from collections.abc import Iterator

CONTEXT = 32  # bytes before a part, for what goes on over its start: a CRLF, a blank line, other text


class PartBytes:
    """Iterates over the bytes from a little before a part to as far as somebody asks.

    Args:
        stream: the object's bytes from `offset` on; closed by `digest`, if it can be closed.
        offset: where the stream begins.
        begin, end: stored bytes of the part.
    """

    def __init__(self, stream: Iterator[bytes], offset: int, begin: int, end: int):
        self._stream, self._position = stream, offset
        self._begin, self._end = begin, end
        self._hash = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._stream:
            first = max(0, self._begin - self._position)
            last = max(first, min(len(chunk), self._end - self._position))
            with memoryview(chunk) as view:
                self._hash.update(view[first:last])
            self._position += len(chunk)
            if chunk:
                yield chunk

    def digest(self) -> bytes:
        """SHA-256 of the part; what is missing is read, and the stream closed."""
        chunks = iter(self)
        while self._position < self._end and next(chunks, None):
            pass
        close = getattr(self._stream, "close", None)
        if close:
            close()
        return self._hash.digest()
