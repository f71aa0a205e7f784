"""The records of a part: from its start to the first place beyond it at which another reader can go on."""

from collections.abc import Iterator

from function.scan.parts.text import PartText
from function.scan.records.batch import Batch
from function.scan.records.reader import MAX_RECORD, RecordReader, whole_characters

MAX_BEYOND = 1 << 20  # bytes of text beyond the part in which such a place is looked for


class BoundedReader:
    """Reads a part.

    At the place where it stops, nothing that was read waits for what follows, and another record follows. So
    that is read the same, whether or not these were, and how the table ends does not depend on them.

    Args:
        reader: reads the records.
        text: the text from the part's start.
        offset: bytes of text before the first record.

    Attributes:
        doubt: why no such place was found.
    """

    def __init__(self, reader: RecordReader, text: PartText, offset: int):
        self._reader, self._text, self._offset = reader, text, offset
        self._blocks = iter(text)
        self._buffer = bytearray()
        self._ended = False
        self._step = 1  # characters of the portions that are read beyond the part
        self.doubt: str | None = None

    @property
    def at(self) -> int:
        """Bytes of text that have been read."""
        return max(self._offset, self._text.size - len(self._buffer))

    def batches(self) -> Iterator[Batch]:
        """The records, in batches.

        Raises:
            FileError: `too_large`, where a record is beyond all bounds.
        """
        return self._reader.joined(self._portions())

    def _portions(self) -> Iterator[Batch]:
        last = bytearray()
        yield from self._reader.fill(self._buffer, self._within(last))
        self._buffer += last
        while not self._is_over():
            batch, size = self._read()
            if size:
                del self._buffer[:size]
                yield batch
            else:
                self._reader.check_length(self._buffer)
                self._pull(min(len(self._buffer), MAX_RECORD + 1 - len(self._buffer)))
        if self._ended and not self._buffer:
            yield self._reader.assembly.finish()

    def _within(self, last: bytearray) -> Iterator[bytes]:
        """The blocks before the limit; `last` receives the one that it is in."""
        while (block := self._next()) is not None:
            if self._text.limit is not None:
                last += block
                return
            yield block

    def _read(self) -> tuple[Batch, int]:
        """Some records that begin within the part, or one or a few beyond it."""
        text = whole_characters(self._buffer, MAX_RECORD + 1)  # no record is longer
        inside = self._limit - self.at
        if inside > 0:
            within = text[:inside]
            if found := self._reader.by_structure(within, last=False):
                return found
            portion = max(1, len(within.decode(errors="ignore")))  # the limit may be within a character
        else:
            portion, self._step = self._step, 2 * self._step
        final = self._ended and len(text) == len(self._buffer)
        return self._reader.assembly.read(text.decode(), portion, final=final, exact=True)

    def _is_over(self) -> bool:
        """Whether to stop here."""
        if not self._buffer and not self._pull():
            return True
        beyond, assembly = self.at - self._limit, self._reader.assembly
        if beyond < 0:
            return False
        if assembly.plain:
            return self._is_record_ahead()
        if assembly.over or beyond > MAX_BEYOND:
            self.doubt = (
                f"what follows byte {self.at:,} of the part's text cannot be read without what is before"
            )
        return self.doubt is not None

    def _is_record_ahead(self) -> bool:
        """Whether a record follows, or what is not soon seen to be none: else the last one is known here."""
        ahead, at, portion = self._reader.anew(), 0, 1
        while not ahead.ending.begun and len(self._buffer) <= 2 * MAX_BEYOND:
            _, size = ahead.read(self._buffer[at:].decode(), portion, final=self._ended, exact=True)
            if not size:
                if self._ended:
                    return False
                self._pull()
            at, portion = at + size, 2 * portion
        return True

    @property
    def _limit(self) -> int:
        """Where to stop: the first part has the first record, too, for what is before it is no record."""
        limit = self._text.size if self._text.limit is None else self._text.limit
        return max(self._offset + 1, limit)

    def _pull(self, size: int = 1) -> bool:
        """Read on for at least so many bytes of text; whether there were any."""
        before = len(self._buffer)
        while len(self._buffer) < before + size and not self._ended:
            block = self._next()
            self._ended = block is None
            self._buffer += block or b""
        return len(self._buffer) > before

    def _next(self) -> bytes | None:
        """The next block, but for what is before the first record."""
        block = next(self._blocks, None)
        if block is None:
            return None
        return block[max(0, self._offset - self._text.size + len(block)) :]
