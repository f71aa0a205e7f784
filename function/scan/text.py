"""Bytes -> UTF-8 without a byte order mark. What the encoding does not have is replaced, and counted."""

import codecs
from collections.abc import Iterable, Iterator

from function.errors import ErrorCode, FileError
from function.scan import encoding

BLOCK = 1 << 20  # bytes that an encoding is told from
REPLACED = "\ufffd".encode()


class Text:
    """The content of a file as blocks of UTF-8, each of whole characters.

    The content is first cut into blocks of `BLOCK` bytes, so that nothing later depends on how it arrived.

    Args:
        content: the bytes of the text, in any portions.
        name: the encoding, if it is known beforehand.

    Raises:
        FileError: `encoding`, if `name` is of none.

    Attributes:
        encoding: as far as it is known.
        replaced: how many stretches of bytes had to be replaced by U+FFFD.
        replaced_line: the first line with such.
    """

    def __init__(self, content: Iterable[bytes], name: str | None = None):
        self._blocks = cut(content, BLOCK)
        self._decoder: codecs.IncrementalDecoder | None = None
        self._lines = 0
        self.encoding = encoding.UNKNOWN
        self.replaced = 0
        self.replaced_line: int | None = None
        if name:
            self._settle(_known(name))

    def __iter__(self) -> Iterator[bytes]:
        yield self._decode(self._begin(next(self._blocks, b"")))
        for block in self._blocks:
            yield self._decode(block)
        yield self._decode(b"", final=True)

    def _begin(self, block: bytes) -> bytes:
        """Take off a byte order mark."""
        found = encoding.by_mark(block)
        if found and (not self._decoder or self.encoding.startswith("utf")):
            self._settle(found[0])
            return block[found[1] :]
        if not self._decoder and (name := encoding.by_zeros(block)):
            self._settle(name)
        return block

    def _settle(self, name: str) -> None:
        self.encoding = name
        self._decoder = codecs.getincrementaldecoder("utf-8" if name == "utf-8-sig" else name)()

    def _decode(self, block: bytes, *, final: bool = False) -> bytes:
        text = block
        if self._decoder is None and not block.isascii():
            self._settle(encoding.by_content(block))
        if self._decoder is not None:
            state = self._decoder.getstate()
            try:
                text = self._decoder.decode(block, final).encode()
            except UnicodeDecodeError:
                self._decoder.setstate(state)
                text = self._repair(self._decoder, block, final=final)
        self._lines += text.count(b"\n")
        return text

    def _repair(self, decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool) -> bytes:
        """The block with replacements, counted beyond those that the file itself has."""
        decoder.errors = "replace"
        text = decoder.decode(block, final).encode()
        decoder.errors = "strict"
        own = block.count(REPLACED) if self.encoding.startswith("utf-8") else 0
        self.replaced += max(1, text.count(REPLACED) - own)
        if self.replaced_line is None:
            self.replaced_line = self._lines + 1 + text.count(b"\n", 0, text.index(REPLACED))
        return text


def cut(content: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in blocks of exactly `size`, but for the last."""
    buffer = bytearray()
    for chunk in content:
        buffer += chunk
        while len(buffer) >= size:
            yield bytes(buffer[:size])
            del buffer[:size]
    if buffer:
        yield bytes(buffer)


def _known(name: str) -> str:
    try:
        found = codecs.lookup(name)
    except LookupError as error:
        raise FileError(ErrorCode.ENCODING, f"No encoding is called {name!r}.") from error
    if not getattr(found, "_is_text_encoding", True):
        raise FileError(ErrorCode.ENCODING, f"{name!r} is no encoding of text.")
    return found.name
