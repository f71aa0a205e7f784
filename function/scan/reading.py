"""The steps of a scan, joined; what was found stays at hand when one of them fails."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from function.domain.content import Column, Dialect, Profile, Use
from function.domain.errors import ErrorCode, FileError
from function.domain.findings import Sample
from function.domain.instructions import Options
from function.scan.bytes import foreign
from function.scan.bytes.container import Content, peek, unpack
from function.scan.bytes.encoding import UNKNOWN
from function.scan.bytes.text import Text
from function.scan.layout.dialect import SAMPLE, sniff
from function.scan.layout.layout import Layout, lay_out
from function.scan.profile import large, small
from function.scan.profile.column_types import Ambiguity, resolve
from function.scan.profile.distinct import DistinctValues
from function.scan.profile.tally import Summarise, Tally, empty_tally
from function.scan.records.batch import Batch
from function.scan.records.ledger import Ledger
from function.scan.records.reader import BATCH, RecordReader
from function.scan.syntax.comments import NOTHING
from function.scan.verdict.judge import judge, records, rejects
from function.scan.verdict.warnings import Table, find_warnings

PREFIX = 1 << 18  # bytes of text that layout and dialect are guessed on
LARGE = 1 << 20  # bytes of a batch from which a thread of its own pays
MAX_COLUMNS = 50_000  # read in 250 to 480 MB of memory


class Reading:
    """One reading of one file.

    Args:
        options: what is known of it, and the policy.
        batch: bytes of text that are enough for a batch; the result does not depend on it.
        check: called before each block of content that was compressed.
    """

    def __init__(self, options: Options, *, batch: int = BATCH, check: Callable[[], None] = lambda: None):
        self.options = options
        self._batch = batch
        self._check = check
        self._dialect = Dialect()
        self._names: tuple[str, ...] | None = None
        self._tally = Tally()
        self._summarise: Summarise = large.summarise
        self._content: Content | None = None
        self._text: Text | None = None
        self._offset = 0  # bytes of text before the first data record
        self._line = 1  # where the table begins

    def read(self, blocks: Iterable[bytes]) -> None:
        """Read to the end or to the first thing that makes the file unreadable, and apply the policy.

        A large batch is profiled in a thread while the next one is read: at most one of each is in memory.

        Raises:
            FileError: why the file fails.
        """
        with ThreadPoolExecutor(1, "profile") as profiler:  # a file of one small batch starts no thread
            profiled: Future[Tally] | None = None
            try:
                for batch in self.batches(blocks):
                    if profiled:
                        self._tally, profiled = profiled.result(), None
                    if len(batch.data) >= LARGE:
                        profiled = profiler.submit(self._tally.add, batch, self._summarise)
                    else:
                        self._tally = self._tally.add(batch, self._summarise)
            finally:
                if profiled:
                    self._tally = profiled.result()
        self._tally = self._tally.merge(Tally(self._remarks()))
        judge(self._tally.ledger, self._table(self._columns()[1]), self.options)

    def batches(self, blocks: Iterable[bytes]) -> Iterator[Batch]:
        """The records of the file in canonical form.

        Raises:
            FileError: as soon as the file turns out to be no table at all.
        """
        self._content = unpack(blocks)
        self._dialect = replace(self._dialect, compression=self._content.compression)
        unpacked = self._content.blocks
        blocks = _checked(unpacked, self._check) if self._content.compression else unpacked
        head, content = peek(blocks, foreign.HEAD)
        self._text = Text(content, self.options.encoding)
        foreign.refuse(head, whole=len(head) < foreign.HEAD, encoding=self.options.encoding)
        prefix, text = peek(iter(self._text), PREFIX)
        told = self.options.delimiter is not None or self.options.header is not None
        foreign.refuse_text(prefix, whole=len(prefix) < PREFIX, told=told)
        if not prefix.strip(NOTHING.encode() + b"\r\n"):
            raise FileError(
                ErrorCode.EMPTY_FILE, "The file has no records: it is empty, or has only blank lines."
            )
        whole = len(prefix) < PREFIX
        layout = self._begin(prefix, whole=whole)
        self._summarise = small.summarise if whole and small.is_small(prefix) else large.summarise
        records = RecordReader(layout, 1 + layout.lines.total(), self._offset, batch=self._batch)
        yield from records.batches(_skip(text, self._offset))

    def profile(self) -> Profile | None:
        """What is known of the content so far."""
        if self._names is None:
            return None
        ledger = self._tally.ledger
        columns, ambiguities = self._columns()
        table = self._table(ambiguities)
        return Profile(
            columns,
            table.dialect,
            records(ledger),
            rejects(ledger),
            {**ledger.found, **Counter(remark for column in columns for remark in column.remarks)},
            ledger.samples,
            find_warnings(ledger, table),
        )

    def values(self) -> DistinctValues:
        """What is known of the different values of each column."""
        hashes = small.hashes if self._summarise is small.summarise else large.hashes
        return DistinctValues([column.distinct for column in self._tally.columns], hashes)

    def _columns(self) -> tuple[tuple[Column, ...], tuple[Ambiguity, ...]]:
        """The columns, and those that can be read in two ways."""
        return resolve(self._tally.columns, self._names or (), self._dialect.delimiter)

    def _table(self, ambiguities: tuple[Ambiguity, ...]) -> Table:
        """What messages say of the table."""
        encoding = self._text.encoding if self._text else UNKNOWN
        dialect = replace(self._dialect, encoding="utf-8" if encoding == UNKNOWN else encoding)
        return Table(dialect, len(self._names or ()), self._line, ambiguities)

    def _remarks(self) -> Ledger:
        """What is remarkable about the bytes that the text was made of."""
        content, text = self._content, self._text
        if content is None or text is None:
            return Ledger()
        samples = tuple(Sample(finding, line, 0, "") for finding, line in text.lines.items())
        return Ledger(found=dict(content.found + text.found), samples=samples)

    def _begin(self, prefix: bytes, *, whole: bool) -> Layout:
        """Settle dialect, layout and names on the start of the text."""
        sample = _sample(prefix.decode(), whole=whole)
        complete = whole and len(sample) == len(prefix.decode())
        layout = lay_out(sample, sniff(sample, self.options, whole=complete), self.options, whole=complete)
        if layout.width > MAX_COLUMNS:
            message = f"The table has {layout.width:,} columns or more; {MAX_COLUMNS:,} can be read."
            raise FileError(ErrorCode.TOO_LARGE, message, line=1 + layout.lines[Use.PREAMBLE])
        self._dialect = replace(
            self._dialect,
            delimiter=layout.grammar.delimiter,
            quote=layout.grammar.quote,
            escape=layout.grammar.escape,
            line_ending=layout.line_end,
            header=layout.names is not None,
            header_confidence=round(layout.confidence, 2),
            preamble_lines=layout.lines[Use.PREAMBLE],
        )
        self._line = 1 + layout.lines.total() if layout.short_header else layout.line
        self._offset = len(sample[: layout.offset].encode())
        given = layout.names or ()
        names = [given[place].strip() if place < len(given) else "" for place in range(layout.width)]
        self._names = tuple(name or f"column_{place}" for place, name in enumerate(names, 1))
        self._tally = empty_tally(layout.width).merge(Tally(_opening(layout)))
        return layout


def _opening(layout: Layout) -> Ledger:
    """The lines before the data."""
    found = Counter(sample.finding for sample in layout.doubts)
    widths = {(Use.HEADER, layout.short_header): layout.line} if layout.short_header else {}
    return Ledger(lines=dict(layout.lines), found=found, samples=layout.doubts, widths=widths)


def _sample(prefix: str, *, whole: bool) -> str:
    """Whole lines of the prefix, enough for a guess."""
    if whole and len(prefix) <= SAMPLE:
        return prefix
    ends = max(prefix.rfind("\n", 0, SAMPLE), prefix.rfind("\r", 0, SAMPLE - 1))
    return prefix[: ends + 1] if ends >= 0 else prefix


def _checked(blocks: Iterator[bytes], check: Callable[[], None]) -> Iterator[bytes]:
    for block in blocks:
        check()
        yield block


def _skip(blocks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The blocks without the first `size` bytes."""
    for block in blocks:
        yield block[size:]
        size = max(0, size - len(block))
