"""The text of a part: which places in it are which places of the object."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from function.scan.bytes.blocks import BLOCK, cut
from function.scan.bytes.text import Text, TextState
from function.scan.parts.model import TextOfPart

_LINE_END = re.compile(rb"[\r\n]")


@dataclass(frozen=True, slots=True)
class _Block:
    """A block as it is stored, and as text.

    Attributes:
        stored, text: its bytes.
        offset: stored bytes of the object before it.
        before: bytes of the part's text before it.
        state: of the text before it.
    """

    stored: bytes
    text: bytes
    offset: int
    before: int
    state: TextState


class PartText:
    """Iterates over the text from the start of a part on, in blocks that are cut where the whole file's are.

    Line ends are the same in stored bytes and text, in every encoding in which ASCII is ASCII; so a place
    behind a line end is found in the one by counting line ends in the other.

    Args:
        content: stored bytes from `start` on.
        start: stored bytes of the object before them.
        end: stored bytes of the object before the next part.
        encoding: if it is known.

    Attributes:
        limit: a place behind a line end belongs to the next part from here on, in bytes of text; None until
            it has been read.
        size: bytes of text that have been read.
        whole: whether that is all until the end of the object.
    """

    def __init__(self, content: Iterable[bytes], start: int, end: int, encoding: str | None):
        self._start, self._end = start, end
        self._waiting: deque[bytes] = deque()  # stored blocks whose text has not come
        self._kept: list[_Block] = []
        blocks = cut(content, BLOCK, BLOCK - start % BLOCK)
        self._text = Text(self._noted(blocks), encoding, inner=start > 0)
        self.limit: int | None = None
        self.size = 0
        self.whole = False

    def _noted(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        for block in blocks:
            self._waiting.append(block)
            yield block

    def __iter__(self) -> Iterator[bytes]:
        offset, state = self._start, self._text.state()
        for text in self._text:
            stored = self._waiting.popleft() if self._waiting else b""
            block = _Block(stored, text, offset, self.size, state)
            offset, self.size = offset + len(stored), self.size + len(text)
            if offset >= self._end:
                self._kept.append(block)
                if self.limit is None:
                    self.limit = block.before + 1 + _same_place(stored[: self._end - 1 - block.offset], text)
            yield text
            state = self._text.state()
        self.whole = True

    @property
    def encoding(self) -> str:
        """As far as it is known."""
        return self._text.encoding

    def stop(self, at: int) -> tuple[int, TextOfPart]:
        """Leave the part.

        Args:
            at: bytes of text before the next part's first record: behind a line end at or beyond the limit,
                or the end of the text.

        Returns:
            Stored bytes of the object before it, and what there is to say of the text before it.
        """
        block = next(block for block in reversed(self._kept) if block.before < at or block is self._kept[0])
        size = len(block.stored)
        if not (self.whole and at == self.size):
            size = _same_place(block.text[: at - block.before], block.stored)
            marks = self._text.marks if block.offset == 0 else 0
            self._text.rewind(block.state, block.stored[marks:size])
        found = self._text.state()
        text = TextOfPart(self._text.encoding, at, found.line - 1, 0, 0, dict(found.found), found.lines)
        return block.offset + size, text


def _same_place(before: bytes, other: bytes) -> int:
    """Behind as many line ends of the other as there are before a place."""
    count = before.count(b"\n") + before.count(b"\r")
    return next(islice(_LINE_END.finditer(other), count - 1, None)).end() if count else 0
