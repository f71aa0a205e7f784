"""The steps of a scan, joined; what was found stays at hand when one of them fails."""

from collections.abc import Callable, Iterable, Iterator

from function.domain.content import Profile
from function.domain.errors import ErrorCode, FileError
from function.domain.instructions import Options
from function.scan.bytes import foreign
from function.scan.bytes.container import Content, peek, unpack
from function.scan.bytes.encoding import UNKNOWN
from function.scan.bytes.text import Text
from function.scan.conclusion import Conclusion, remarks
from function.scan.head import Head, settle
from function.scan.profile import large, small
from function.scan.profile.distinct import DistinctValues
from function.scan.profile.profiler import Profiler
from function.scan.profile.tally import Tally
from function.scan.records.batch import Batch
from function.scan.records.ledger import Ledger
from function.scan.records.reader import BATCH, RecordReader
from function.scan.syntax.comments import NOTHING

PREFIX = 1 << 18  # bytes of text that layout and dialect are guessed on


class Reading:
    """One reading of one file.

    Args:
        options: what is known of it, and the policy.
        batch: bytes of text that are enough for a batch; the result does not depend on it.
        check: called before each block of content that was compressed.

    Attributes:
        head: what the start of the text settled; None until then.
        content, text: what the file was unpacked to, and decoded to; None until then.
    """

    def __init__(self, options: Options, *, batch: int = BATCH, check: Callable[[], None] = lambda: None):
        self.options = options
        self.head: Head | None = None
        self.content: Content | None = None
        self.text: Text | None = None
        self._batch = batch
        self._check = check
        self._profiler = Profiler(Tally())

    def read(self, blocks: Iterable[bytes]) -> None:
        """Read to the end or to the first thing that makes the file unreadable, and apply the policy.

        Raises:
            FileError: why the file fails.
        """
        self._profiler.take(self.batches(blocks))
        self._profiler.tally = self._profiler.tally.merge(Tally(self._remarks()))
        if conclusion := self._conclusion():
            conclusion.judge(self.options)

    def batches(self, blocks: Iterable[bytes]) -> Iterator[Batch]:
        """The records of the file in canonical form.

        Raises:
            FileError: as soon as the file turns out to be no table at all.
        """
        text = self.begin(blocks)
        if self.head:
            records = RecordReader(
                self.head.layout, self.head.first_line, self.head.offset, batch=self._batch
            )
            yield from records.batches(_skip(text, self.head.offset))

    def begin(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Read as much as it takes to settle the head; the text from its start.

        Raises:
            FileError: the file turns out to be no table at all.
        """
        self.content = unpack(blocks)
        unpacked = self.content.blocks
        blocks = _checked(unpacked, self._check) if self.content.compression else unpacked
        head, content = peek(blocks, foreign.HEAD)
        self.text = Text(content, self.options.encoding)
        foreign.refuse(head, whole=len(head) < foreign.HEAD, encoding=self.options.encoding)
        prefix, text = peek(iter(self.text), PREFIX)
        whole = len(prefix) < PREFIX
        told = self.options.delimiter is not None or self.options.header is not None
        foreign.refuse_text(prefix, whole=whole, told=told)
        if not prefix.strip(NOTHING.encode() + b"\r\n"):
            raise FileError(
                ErrorCode.EMPTY_FILE, "The file has no records: it is empty, or has only blank lines."
            )
        self.head = settle(prefix, self.options, whole=whole)
        self._profiler.tally = self.head.opening()
        if whole and small.is_small(prefix):
            self._profiler.summarise = small.summarise
        return text

    def profile(self) -> Profile | None:
        """What is known of the content so far."""
        conclusion = self._conclusion()
        return conclusion.profile() if conclusion else None

    def values(self) -> DistinctValues:
        """What is known of the different values of each column."""
        hashes = small.hashes if self._profiler.summarise is small.summarise else large.hashes
        return DistinctValues([column.distinct for column in self._profiler.tally.columns], hashes)

    def _conclusion(self) -> Conclusion | None:
        if self.head is None:
            return None
        encoding = self.text.encoding if self.text else UNKNOWN
        compression = self.content.compression if self.content else None
        return Conclusion(self.head, encoding, compression, self._profiler.tally)

    def _remarks(self) -> Ledger:
        """What is remarkable about the bytes that the text was made of."""
        content, text = self.content, self.text
        if content is None or text is None:
            return Ledger()
        return remarks(content.found + text.found, text.lines)


def _checked(blocks: Iterator[bytes], check: Callable[[], None]) -> Iterator[bytes]:
    for block in blocks:
        check()
        yield block


def _skip(blocks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The blocks without the first `size` bytes."""
    for block in blocks:
        yield block[size:]
        size = max(0, size - len(block))
