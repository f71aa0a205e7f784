"""Parts -> the same as a reading of the whole file, or which parts have to be read again."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from function.domain.content import PartsDigest, Scan
from function.domain.errors import FileError
from function.scan.bytes.encoding import UNKNOWN, can_be_cut
from function.scan.conclusion import Conclusion, remarks
from function.scan.parts.known import Known
from function.scan.parts.model import Merged, Part, Plan, Redo, TextOfPart, Unsure
from function.scan.profile import large
from function.scan.profile.distinct import DistinctValues
from function.scan.profile.tally import Tally


def merge(plan: Plan, parts: Iterable[Part]) -> Merged | Redo | Unsure:
    """Put the parts of an object together.

    A part holds if it starts where the one before has stopped: that one has left nothing open, and a reading
    of the whole file would have come to the same place in the same state. The first part starts where the
    file does; so if all hold, the result is that of a reading of the whole file.

    Args:
        plan: what they were read by.
        parts: all of them, in order; each is dropped before the next is taken.
    """
    chain = _Chain(plan)
    for part in parts:
        chain.add(part)
    return chain.finish()


class _Chain:
    """The parts so far, as far as they hold."""

    def __init__(self, plan: Plan):
        self._plan = plan
        self._expected: int | None = 0  # where the next part has to start; None if that is not known yet
        self._tally = Tally()
        self._text = TextOfPart(plan.encoding)
        self._redo: list[tuple[int, str]] = []
        self._root, self._count = hashlib.sha256(), 0
        self._reason: str | None = None
        self._error: FileError | None = None

    def add(self, part: Part) -> None:
        """Take the next part."""
        self._root.update(part.digest)
        self._count += 1
        if self._reason or self._error or self._is_within_the_last(part):
            return
        if part.start is None or self._expected not in (None, part.start):
            self._again(part)
        elif not self._redo:
            self._append(part)
        elif self._text.encoding == UNKNOWN or self._is_in_encoding(part):
            self._expected = part.stop  # whether it holds is seen when those before it have been read again

    def _is_within_the_last(self, part: Part) -> bool:
        """Whether the part before has read all of this one, too."""
        end = min(self._plan.size, (part.number + 1) * self._plan.part_bytes)
        return self._expected is not None and self._expected >= end

    def _again(self, part: Part, *, complete: bool = False) -> None:
        """Have a part read again, from where it has to start."""
        if self._expected is not None:
            text = self._text
            known = Known(self._expected, text.encoding)
            if complete:
                known = replace(known, lines=text.lines, ragged=text.ragged, complete=True)
            self._redo.append((part.number, str(known)))
        self._expected = None

    def _append(self, part: Part) -> None:
        """Take a part that holds."""
        if not self._is_in_encoding(part):
            return
        if part.doubt:
            self._reason = f"part {part.number}: {part.doubt}"
        elif part.wants:
            self._again(part, complete=True)
        else:
            self._join(part)

    def _is_in_encoding(self, part: Part) -> bool:
        """Whether a part was read in the encoding of the file: that of the first one that is not ASCII."""
        own, known = part.text.encoding, self._text.encoding
        if own in (UNKNOWN, known):
            return True
        if known == UNKNOWN:
            if not can_be_cut(own):
                self._reason = f"part {part.number}: the encoding shows only in the whole file"
            else:
                self._text = replace(self._text, encoding=own)
            return self._reason is None
        self._again(part)
        self._expected = part.stop  # it ends behind the same line in any encoding
        return False

    def _join(self, part: Part) -> None:
        text, own = self._text, part.text
        shift = (text.lines, text.size) if part.number else (0, 0)
        self._tally = self._tally.merge(replace(part.tally, ledger=part.tally.ledger.moved(*shift)))
        if part.error:
            self._error = _moved(part.error, shift[0])
        first = {finding: line + text.feeds for finding, line in own.first.items()}
        self._text = TextOfPart(
            text.encoding,
            text.size + own.size,
            text.feeds + own.feeds,
            text.lines + own.lines,
            text.ragged + own.ragged,
            {each: text.found.get(each, 0) + own.found.get(each, 0) for each in {**text.found, **own.found}},
            {**first, **text.first},
        )
        self._expected = part.stop

    def finish(self) -> Merged | Redo | Unsure:
        """What came of it, after the last part."""
        if self._reason:
            return Unsure(self._reason)
        if self._redo:
            return Redo(tuple(self._redo))
        if not self._error and self._expected != self._plan.size:
            return Unsure(f"the parts end at byte {self._expected} of {self._plan.size}")
        return Merged(self._scan())

    def _scan(self) -> Scan:
        plan, text, error = self._plan, self._text, self._error
        if not error:
            self._tally = self._tally.merge(Tally(remarks(text.found, text.first)))
        conclusion = Conclusion(plan.head, text.encoding, None, self._tally)
        try:
            if not error:
                conclusion.judge(plan.options)
        except FileError as found:
            error = found
        values = DistinctValues([column.distinct for column in self._tally.columns], large.hashes)
        parts = PartsDigest(plan.part_bytes, self._count, self._root.hexdigest())
        return Scan(None, plan.size, conclusion.profile(), error, plan.options, values, parts)


def _moved(error: FileError, lines: int) -> FileError:
    line = None if error.line is None else error.line + lines
    return FileError(error.code, error.message, line=line, column=error.column, unquoted=error.unquoted)
