"""Bytes -> UTF-8 without a byte order mark. What the encoding does not have is replaced, and counted."""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from function.domain.errors import ErrorCode, FileError
from function.domain.findings import Finding
from function.scan.bytes import encoding
from function.scan.bytes.blocks import BLOCK, cut

AHEAD = 7  # blocks that are read ahead if the first has too little to detect an encoding
_KNOWN = "csv-encoding takes a name that Python knows, e.g. utf-8, cp1252, utf-16, shift_jis"
# Of no file: the time of one grows with the square of its input, others make half characters.
_NOT_OF_FILES = ("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape")
LINES = 200  # at the start of a block that are asked for a delimiter
REPLACED, MARK = "\ufffd".encode(), codecs.BOM_UTF8

_INNER_MARK = re.compile(rb"(?<=[\r\n])(?:%b)+" % MARK)


class TextState(NamedTuple):
    """How far a text was read: the decoder's state, None before the encoding is known, and what was found."""

    decoder: tuple[bytes, int] | None
    line: int
    after_end: bool
    found: Counter[Finding]
    lines: dict[Finding, int]


class Text:
    """The content of a file as blocks of UTF-8, each of whole characters.

    The content is first cut into blocks of `BLOCK` bytes, so that nothing later depends on how it arrived.

    Args:
        content: the bytes of the text, in any portions.
        name: the encoding, if it is known beforehand.
        inner: whether the content begins in the middle of a file, with a line; its blocks stay as they are.

    Raises:
        FileError: `encoding`, if `name` is of none.

    Attributes:
        encoding: as far as it is known.
        marks: bytes of byte order marks that were taken off the start.
        found: what had to be replaced, taken off or is in another encoding: how often each.
        lines: the first line of each.
    """

    def __init__(self, content: Iterable[bytes], name: str | None = None, *, inner: bool = False):
        self._blocks = iter(content) if inner else cut(content, BLOCK)
        self._inner = inner
        self._decoder: codecs.IncrementalDecoder | None = None
        self._line = 1
        self._after_end = True  # the last block ended with a line
        self.marks = 0
        self.encoding = encoding.UNKNOWN
        self.found: Counter[Finding] = Counter()
        self.lines: dict[Finding, int] = {}
        if name:
            self._settle(_known(name))

    def __iter__(self) -> Iterator[bytes]:
        if not self._inner:
            yield self._take(self._begin(next(self._blocks, b"")))
        while (block := next(self._blocks, None)) is not None:
            yield self._take(block)
        yield self._take(b"", final=True)

    def state(self) -> TextState:
        """What `rewind` goes back to."""
        decoder = self._decoder.getstate() if self._decoder else None
        return TextState(decoder, self._line, self._after_end, self.found.copy(), dict(self.lines))

    def rewind(self, state: TextState, block: bytes) -> None:
        """Go back to an earlier state, and take a part of the block that followed it instead of all of it."""
        if state.decoder is None and block.isascii():
            self._decoder, self.encoding = None, encoding.UNKNOWN
        elif self._decoder:
            self._decoder.setstate(state.decoder or (b"", 0))
        self._line, self._after_end = state.line, state.after_end
        self.found, self.lines = state.found.copy(), dict(state.lines)
        self._take(block)

    def _begin(self, block: bytes) -> bytes:
        """Take off a byte order mark, or several."""
        found = encoding.by_mark(block)
        if found and (not self._decoder or self.encoding.startswith("utf")):
            name, size = found
            mark, rest = block[:size], block[size:]
            while rest.startswith(mark):
                rest = rest[size:]
            self.marks = len(block) - len(rest)
            if name != "utf-8-sig" or self._decoder or self._is_utf_8(rest):
                self._settle(name)
            return rest
        if not self._decoder and (wide := encoding.by_zeros(block)):
            self._settle(wide)
        return block

    def _is_utf_8(self, block: bytes) -> bool:
        """Whether a mark of UTF-8 says the truth: editors leave it above anything."""
        return block.isascii() or self._by_content(block) == "utf-8"

    def _settle(self, name: str) -> None:
        self.encoding = name
        self._decoder = codecs.getincrementaldecoder(encoding.codec(name))()

    def _by_content(self, block: bytes) -> str:
        """The encoding, detected from the block, and from blocks ahead if that is not enough."""
        sample = encoding.evidence(block)
        ahead: list[bytes] = []
        while encoding.is_thin(sample) and len(ahead) < AHEAD and (more := next(self._blocks, None)):
            ahead.append(more)
            sample += encoding.evidence(more)
        self._blocks = chain(ahead, self._blocks)
        lines = [] if self._inner else block[: encoding.SAMPLE].splitlines()[:LINES]
        return encoding.by_content(sample, lines)

    def _take(self, block: bytes, *, final: bool = False) -> bytes:
        try:
            text = self._decode(block, final=final)
        except UnicodeError as error:  # no mark, half a character: what can be replaced has been
            raise FileError(ErrorCode.ENCODING, f"The file is not in {self.encoding}. {_KNOWN}") from error
        if MARK[:1] in text and MARK in text:
            text = self._without_marks(text)
        self._look_for_another_encoding(block, text)
        self._line += text.count(b"\n")
        self._after_end = text.endswith((b"\n", b"\r")) if text else self._after_end
        return text

    def _decode(self, block: bytes, *, final: bool) -> bytes:
        if self._decoder is None:
            if b"\x1b" in block and b"\x1b$" in block:  # one byte is soon seen to be missing
                self._settle("iso2022_jp")
            elif not block.isascii():
                self._settle(self._by_content(block))
        if self._decoder is None:
            return block
        state = self._decoder.getstate()
        try:
            return self._decoder.decode(block, final).encode()
        except UnicodeDecodeError as error:
            self._decoder.setstate(state)
            return self._repair(self._decoder, block, error, final=final)

    def _repair(
        self, decoder: codecs.IncrementalDecoder, block: bytes, error: UnicodeDecodeError, *, final: bool
    ) -> bytes:
        """The block with replacements, counted beyond those that the file itself has."""
        decoder.errors = "replace"
        text = decoder.decode(block, final).encode()
        decoder.errors = "strict"
        own = error.object.count(REPLACED) if self.encoding.startswith("utf-8") else 0
        keeps_ascii = encoding.keeps_ascii(self.encoding)
        finding = Finding.REPLACED_CHARACTERS if keeps_ascii else Finding.REPLACED_BYTES
        sound = error.object[: error.start].decode(encoding.codec(self.encoding), "replace").encode()
        at = text.index(REPLACED, min(len(sound), text.rindex(REPLACED)))  # those before are the file's own
        self._remark(finding, text, at, max(1, text.count(REPLACED) - own))
        return text

    def _without_marks(self, text: bytes) -> bytes:
        """The text without byte order marks at the start of its lines: files that were joined have them."""
        self._remark(Finding.BYTE_ORDER_MARK, text, text.index(MARK), text.count(MARK))
        while self._after_end and text.startswith(MARK):
            text = text[len(MARK) :]
        return _INNER_MARK.sub(b"", text)

    def _look_for_another_encoding(self, block: bytes, text: bytes) -> None:
        """UTF-16 behind other text leaves a zero beside each character, and other text none in UTF-16."""
        if self.encoding.startswith(("utf-16", "utf-32")):
            if found := encoding.NARROW.search(block):
                at = len(text) * found.start() // len(block)
                self._remark(Finding.MIXED_ENCODING, text, at, 1)
        elif b"\0" in text and (found := encoding.WIDE.search(text)):
            self._remark(Finding.MIXED_ENCODING, text, found.start(), 1)

    def _remark(self, finding: Finding, text: bytes, at: int, count: int) -> None:
        self.found[finding] += count
        self.lines.setdefault(finding, self._line + text.count(b"\n", 0, at))


def _known(name: str) -> str:
    try:
        found = codecs.lookup(name)
    except LookupError as error:
        raise FileError(ErrorCode.ENCODING, f"There is no encoding {name!r}. {_KNOWN}") from error
    if not getattr(found, "_is_text_encoding", True) or found.name in _NOT_OF_FILES:
        raise FileError(ErrorCode.ENCODING, f"{name!r} is not a text encoding. {_KNOWN}")
    return found.name
