"""Read one part of an object: the records that begin in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from function.domain.errors import DefectError, FileError
from function.domain.findings import Finding
from function.scan.bytes.encoding import UNKNOWN, is_wide_over
from function.scan.parts.bounded import BoundedReader
from function.scan.parts.known import Known
from function.scan.parts.model import Part, Plan, TextOfPart
from function.scan.parts.start import WINDOW, StartFinder
from function.scan.parts.stored import CONTEXT, PartBytes
from function.scan.parts.text import PartText
from function.scan.profile.profiler import Profiler
from function.scan.profile.tally import Tally, empty_tally
from function.scan.records.position import Before
from function.scan.records.reader import RecordReader
from function.scan.syntax.line_ends import line_end_before

Blocks = Callable[[int], Iterator[bytes]]
"""The stored bytes of an object from an offset to its end, in any portions, read as they are asked for."""


def read_part(plan: Plan, number: int, blocks: Blocks, known: str | None = None) -> Part:
    """Read the records that begin in a part.

    Args:
        plan: what the head of the object settled.
        number: of the part, from 0.
        blocks: the object; its iterator is closed, if it can be.
        known: where the first record starts, as the merge found out; else it is guessed.

    Returns:
        What was read. It holds if the start is right, which the merge finds out.

    Raises:
        DefectError: the reader gave up, from a start that is known.
        Exception: what `blocks` raises.
    """
    begin = number * plan.part_bytes
    end = min(begin + plan.part_bytes, plan.size)
    offset = max(0, begin - CONTEXT)
    source = PartBytes(blocks(offset), offset, begin, end)
    told = Known.parse(known) if known else None
    start = _locate(plan, source, offset, begin, told.start if told else None)
    if start is None:
        return Part(number, None, end, source.digest(), Tally(), TextOfPart(plan.encoding))
    reading = _PartReading(plan, start, end, told)
    try:
        return reading.read(number, source)
    except DefectError:
        if number == 0 or told:
            raise
        return Part(number, None, end, source.digest(), Tally(), TextOfPart(plan.encoding))


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a part's first record is.

    Attributes:
        offset: stored bytes before it.
        ended: how the line before it ends; empty at the start of the object.
        wide: whether characters of two bytes go on over it.
        content: the stored bytes from there on.
    """

    offset: int
    ended: str
    wide: bool
    content: Iterator[bytes]


def _locate(plan: Plan, source: PartBytes, offset: int, begin: int, start: int | None) -> _Start | None:
    """Find the start, or go to it; None if there seems to be none."""
    chunks = iter(source)
    if begin == 0:
        return _Start(0, "", False, chunks)
    window = bytearray()
    while len(window) < WINDOW and (chunk := next(chunks, None)):
        window += chunk
    if start is None:
        finder = StartFinder(plan.head.layout, "utf-8" if plan.encoding == UNKNOWN else plan.encoding)
        found = finder.find(bytes(window[:WINDOW]), begin - 1 - offset)
        if found is None:
            return None
        start = offset + found
    while offset + len(window) < start + CONTEXT and (chunk := next(chunks, None)):
        passed = max(0, min(len(window), start - offset) - CONTEXT)
        offset += passed
        window = window[passed:] + chunk
    before, rest = bytes(window[: start - offset][-CONTEXT:]), bytes(window[start - offset :])
    ended = line_end_before(before.decode("latin-1"), len(before))
    return _Start(start, ended, is_wide_over(before, rest[:CONTEXT]), chain([rest], chunks))


class _PartReading:
    """One reading of one part."""

    def __init__(self, plan: Plan, start: _Start, end: int, told: Known | None):
        self._plan, self._start, self._told = plan, start, told
        self._text = PartText(start.content, start.offset, end, self._encoding())
        head = plan.head
        if start.offset:
            before = Before(start.ended, told.lines, told.ragged) if told else Before(start.ended)
            self._reader = RecordReader(head.layout, 1, 0, before=before)
            self._profiler = Profiler(empty_tally(head.layout.width))
            self._records = BoundedReader(self._reader, self._text, 0)
        else:
            self._reader = RecordReader(head.layout, head.first_line, head.offset)
            self._profiler = Profiler(head.opening())
            self._records = BoundedReader(self._reader, self._text, head.offset)

    def _encoding(self) -> str | None:
        """The first part finds it out as a reading of the whole file does."""
        if self._start.offset == 0 or self._plan.options.encoding:
            return self._plan.options.encoding
        if self._told and self._told.encoding != UNKNOWN:
            return self._told.encoding
        return None if self._plan.encoding == UNKNOWN else self._plan.encoding

    def read(self, number: int, source: PartBytes) -> Part:
        error = None
        try:
            self._profiler.take(self._records.batches())
        except FileError as found:
            error = found
        stop, text = (self._plan.size, TextOfPart(self._text.encoding))
        if not (error or self._records.doubt):
            stop, text = self._text.stop(self._records.at)
        assembly = self._reader.assembly
        ragged = assembly.ending.ragged - (self._told.ragged if self._told else 0)
        text = replace(text, lines=assembly.line - 1, ragged=ragged)
        return Part(
            number,
            self._start.offset,
            stop,
            source.digest(),
            self._profiler.tally,
            text,
            self._records.doubt or self._doubt(text, is_end=stop == self._plan.size and error is None),
            assembly.ending.compared and not (number == 0 or (self._told and self._told.complete)),
            error,
        )

    def _doubt(self, text: TextOfPart, *, is_end: bool) -> str | None:
        """What is not the same in parts as in one piece."""
        if is_end and self._start.offset and not self._reader.assembly.ending.begun:
            return "the last record of the table is in another part"
        if Finding.MIXED_ENCODING in text.found or self._start.wide:
            return "a part of the text is in another encoding"
        return None
