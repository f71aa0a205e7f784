"""Text -> batches of records: by structure where nothing is unusual, record by record where something is."""

from collections.abc import Iterable, Iterator

from function.domain.content import Use
from function.domain.errors import ErrorCode, FileError
from function.scan.layout.layout import Layout
from function.scan.records.assembly import Assembly
from function.scan.records.batch import Batch, joined
from function.scan.records.canonical import Canonical
from function.scan.records.ledger import Ledger
from function.scan.records.position import Before
from function.scan.records.structure import Structure

BATCH = 8 << 20  # bytes of text that are enough for a batch: each costs some milliseconds, whatever is in it
VALUES = 1 << 20  # of a batch: each takes 16 bytes and more in a column
PORTION = 2 << 20  # bytes of text that are read at a time: they fit the processor's cache
PORTION_PER_COLUMN = 800  # the same for each column of a very wide table
WIDE = 2000  # columns that make a table very wide
CAREFUL = 1 << 18  # characters that are read record by record before structure is tried again
_SAFE = (",", '"')  # delimiter and quote that any record can be written with
MAX_RECORD = 64 << 20  # bytes of one record at most


class RecordReader:
    """Reads the data of one table.

    Args:
        layout: of the table.
        line: physical line of the first data record, from 1.
        offset: bytes of text before it.
        batch: bytes of text that are enough for a batch.
        before: what is known of the text before, if it is read elsewhere.
    """

    def __init__(
        self, layout: Layout, line: int, offset: int, *, batch: int = BATCH, before: Before | None = None
    ):
        grammar = layout.grammar
        self._structure = Structure(grammar, layout.width, layout.names) if Structure.fits(grammar) else None
        self._marks = (grammar.delimiter, grammar.quote) if self._structure else _SAFE
        alone = layout.width == 1 and grammar.quote is None  # an empty field by itself can only be quoted
        self._written = _SAFE if alone else self._marks
        self._layout = layout
        self._assembly = Assembly(layout, line, offset, Canonical(*self._written), before)
        size = min(batch, PORTION)
        self._batch, self._records = batch, max(1, VALUES // layout.width)
        self._size = size if layout.width < WIDE else max(size, layout.width * PORTION_PER_COLUMN)
        self._portion = CAREFUL

    def batches(self, blocks: Iterable[bytes]) -> Iterator[Batch]:
        """Cut the text into batches; the last may have no records.

        Raises:
            FileError: `too_large`, where a record is beyond all bounds.
        """
        return self.joined(self._portions(blocks))

    def joined(self, portions: Iterable[Batch]) -> Iterator[Batch]:
        """Portions as batches of the usual size."""
        return joined(portions, self._batch, self._records)

    @property
    def assembly(self) -> Assembly:
        """Reads record by record, where structure alone is not certain."""
        return self._assembly

    def anew(self) -> Assembly:
        """What reads the same table, and knows nothing of what was read."""
        return Assembly(self._layout, 1, 0, Canonical(*self._written))

    def _portions(self, blocks: Iterable[bytes]) -> Iterator[Batch]:
        buffer = bytearray()
        yield from self.fill(buffer, blocks)
        yield from self._rest(buffer)
        yield self._assembly.finish()

    def fill(self, buffer: bytearray, blocks: Iterable[bytes]) -> Iterator[Batch]:
        """Read while there is enough for a portion; the rest of the text stays in the buffer.

        Raises:
            FileError: `too_large`, as in `batches`.
        """
        enough = self._size
        for block in blocks:
            buffer += block
            while len(buffer) >= enough:
                text = whole_characters(buffer, enough)
                batch, end = self._read(text, last=False)
                if not end:
                    self.check_length(text)
                    enough = min(2 * len(text), MAX_RECORD + 1)  # the same text is looked at a few times only
                    continue
                del buffer[:end]
                enough = self._size
                yield batch

    def _rest(self, buffer: bytearray) -> Iterator[Batch]:
        """What is left at the end: more than a portion, if a record seemed to go on."""
        while buffer:
            text = whole_characters(buffer, self._size)
            batch, end = self._read(text, last=len(text) == len(buffer))
            if not end:
                batch, end = self._read(bytes(buffer), last=True)
            del buffer[:end]
            yield batch

    def _read(self, text: bytes, *, last: bool) -> tuple[Batch, int]:
        """(a portion from the start of the text, offset behind it)."""
        if found := self.by_structure(text, last=last):
            return found
        batch, end = self._assembly.read(text.decode(), self._portion, final=last)
        self._portion = min(2 * self._portion, self._size)
        return batch, end

    def by_structure(self, text: bytes, *, last: bool) -> tuple[Batch, int] | None:
        """The whole records of the text and the offset behind them; None where structure is not certain."""
        if not (self._structure and self._assembly.plain):
            return None
        stretch = self._structure.stretch(text, last=last)
        if not stretch:
            return None
        self._portion = CAREFUL
        self._assembly.skip(stretch.lines + stretch.blank, text, stretch.end)
        ledger = Ledger(stretch.records, {Use.RECORD: stretch.lines, Use.BLANK: stretch.blank})
        return Batch(stretch.data, stretch.records, *self._marks, ledger), stretch.end

    def check_length(self, text: bytes | bytearray) -> None:
        """Make sure that a record is not beyond all bounds.

        Raises:
            FileError: `too_large`.
        """
        if len(text) > MAX_RECORD:
            message = (
                f"This record is longer than {MAX_RECORD >> 20} MB. If a quote is never closed, close it;"
                " if quotes are ordinary characters in this file: csv-quote=none"
            )
            raise FileError(ErrorCode.TOO_LARGE, message, line=self._assembly.line)


def whole_characters(buffer: bytearray, size: int) -> bytes:
    """About `size` bytes of whole characters from the start: a few more, to the end of the last one."""
    while size < len(buffer) and buffer[size] & 0xC0 == 0x80:
        size += 1
    with memoryview(buffer) as view:
        return bytes(view[:size])  # one copy: it may be 64 MB
