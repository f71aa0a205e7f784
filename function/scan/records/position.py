"""The text that is being read, and which line and byte of the file has been reached."""

from dataclasses import dataclass

from function.domain.findings import EXCERPT, Finding, Sample
from function.scan.syntax.line_ends import has_other_line_ends, line_end_before
from function.scan.syntax.tokens import Row


@dataclass(frozen=True, slots=True)
class Before:
    """The text before, which is read elsewhere.

    Attributes:
        ended: how its last line ends; empty if there is none.
        lines: its physical lines, as far as that is known.
        ragged: its records of another width, likewise.
    """

    ended: str
    lines: int = 0
    ragged: int = 0


class Position:
    """Where the next record starts.

    Args:
        line: physical line, from 1.
        offset: bytes of the file's text before it.
        usual: how most lines of the file end; None if none does.
        ended: how the line before ends, if there is one.

    Attributes:
        text: what is being read.
        at: where in `text`.
        line: physical line, from 1.
        before: bytes of the file's text before `text`.
        mixed: whether `text` has several kinds of line ends.
    """

    __slots__ = ("_ended", "_measured", "_usual", "at", "before", "line", "mixed", "text")

    def __init__(self, line: int, offset: int, usual: str | None, ended: str | None = None):
        self.text, self.at, self.line, self.before = "", 0, line, offset
        self.mixed = False
        self._usual = usual
        self._ended = ended or usual or ""  # how the record before `text` ended
        self._measured = 0, 0  # characters of `text`, and the bytes of the file's text before their end

    def enter(self, text: str) -> None:
        """Take up the text that follows."""
        self.text, self.at, self._measured = text, 0, (0, self.before)
        usual = self._usual
        self.mixed = bool(usual) and (self._ended != usual or has_other_line_ends(text, self._ended))

    def leave(self) -> int:
        """Have done with the text up to here; its size in bytes."""
        size = len(self.text[: self.at].encode())
        self._ended = line_end_before(self.text, self.at) or self._ended
        self.before += size
        return size

    def skip(self, text: bytes, size: int) -> None:
        """Go on behind so many bytes of a text that was read elsewhere."""
        self._ended = line_end_before(text[max(0, size - 2) : size].decode(errors="ignore"), 2)
        self.before += size

    def sample(self) -> Sample:
        """The place of the record that starts here; what is found there is filled in later."""
        characters, size = self._measured
        if self.at < characters:
            characters, size = 0, self.before
        offset = size + len(self.text[characters : self.at].encode())
        self._measured = self.at, offset
        excerpt = self.text[self.at : self.at + EXCERPT].splitlines()
        return Sample(Finding.SHORT_RECORD, self.line, offset, excerpt[0] if excerpt else "")

    def is_between_line_ends(self, row: Row) -> bool:
        """Whether a line end beside a record is not that of most lines, but perhaps one within a field."""
        before = line_end_before(self.text, self.at) or self._ended
        behind = line_end_before(self.text, row.end) or before
        return {before, behind} != {self._usual}
