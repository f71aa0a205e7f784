"""Text -> batches of whole records, counted by their structure alone.

A quote toggles "inside"; a doubled quote toggles twice and changes nothing. So the pieces between quotes are
by turns outside and inside, and what is outside, the skeleton, holds each delimiter and line end that counts.
Cutting, counting and checking are done on the skeleton with the functions of `bytes`, near memory speed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from function.errors import ErrorCode, FileError
from function.model import Dialect

BATCH = 8 << 20  # bytes of text that are enough for a batch
MAX_RECORD = 80 << 20  # bytes of one record at most


@dataclass(frozen=True, slots=True)
class Batch:
    """Whole records in canonical form: RFC 4180 with line feeds, no blank lines, one width.

    Attributes:
        data: the records in UTF-8, each ended by a line feed.
        records: how many they are.
        width: fields of each.
        blank: blank lines that were left out.
        lines: physical lines in the text that the batch was made of.
    """

    data: bytes
    records: int
    width: int
    blank: int
    lines: int


def batches(blocks: Iterable[bytes], dialect: Dialect, *, batch: int = BATCH) -> Iterator[Batch]:
    """Cut the text at record ends and count.

    Raises:
        FileError: `unbalanced_quote`, `ragged_rows` or `too_large`, with the physical line, where
            the structure is not certain.
    """
    cutter = _Cutter(dialect)
    buffer, enough = bytearray(), batch
    for block in blocks:
        buffer += block
        if len(buffer) < enough:
            continue
        text = bytes(buffer)
        end = cutter.last_record_end(text)
        if end:
            yield cutter.cut(text[:end])
            buffer, enough = bytearray(text[end:]), batch
        elif len(buffer) > MAX_RECORD:
            cutter.too_long()
        else:
            enough = 2 * len(buffer)  # the same bytes are looked at a bounded number of times
    if buffer:
        yield cutter.cut(bytes(buffer), last=True)


class _Cutter:
    """Turns text that starts and ends with a record into batches; knows the line it is at."""

    def __init__(self, dialect: Dialect):
        self.delimiter = dialect.delimiter.encode()
        self.quote = (dialect.quote or '"').encode()
        self.line = 1
        self.width: int | None = None
        self.others = bytes(set(range(256)) - {self.delimiter[0], *b"\n"})

    def last_record_end(self, text: bytes) -> int:
        """Offset behind the last line end outside quotes; 0 if there is none."""
        parts = text.split(self.quote)
        end = len(text)
        for index in range(len(parts) - 1, -1, -1):
            start = end - len(parts[index])
            if index % 2 == 0:
                stop = (
                    end - 1 if text[end - 1 : end] == b"\r" and end == len(text) else end
                )  # may be half a CRLF
                found = max(text.rfind(b"\n", start, stop), text.rfind(b"\r", start, stop))
                if found >= 0:
                    return found + 1
            end = start - 1
        return 0

    def cut(self, text: bytes, *, last: bool = False) -> Batch:
        """Check, count and bring into canonical form what starts and ends with a record."""
        parts = text.split(self.quote)
        if len(parts) % 2 == 0:
            line = self.line + line_ends(self.quote.join(parts[:-1]))
            raise FileError(ErrorCode.UNBALANCED_QUOTE, "A quote opens here and is never closed.", line=line)
        skeleton, inside = self.quote.join(parts[0::2]), parts[1::2]
        if b"\r" in skeleton:
            skeleton = skeleton.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if last and not skeleton.endswith(b"\n"):
            skeleton += b"\n"
        self._check_quotes(skeleton, inside)
        whole, (skeleton, blank) = skeleton, _without_blank_lines(skeleton)
        records, width = self._measure(skeleton)
        if records < 0:
            self._blame_width(whole, inside)
        lines = line_ends(text) + (last and not text.endswith((b"\n", b"\r")))
        self.line += lines
        return Batch(_weave(skeleton, inside, self.quote), records, width, blank, lines)

    def too_long(self) -> None:
        raise FileError(
            ErrorCode.TOO_LARGE,
            f"A record is longer than {MAX_RECORD >> 20} MB; a quote may not be closed.",
            line=self.line,
        )

    def _check_quotes(self, skeleton: bytes, inside: list[bytes]) -> None:
        """A quoted field starts behind a delimiter or line end and ends before one."""
        quote, delimiter = self.quote, self.delimiter
        if not inside:
            return
        runs = skeleton
        while quote + quote in runs:  # a doubled quote inside a field left its two halves side by side
            runs = runs.replace(quote + quote, quote)
        total = runs.count(quote)
        left = runs.count(delimiter + quote) + runs.count(b"\n" + quote) + runs.startswith(quote)
        right = runs.count(quote + delimiter) + runs.count(quote + b"\n")
        if left != total or right != total:
            self._blame_quote(skeleton, inside)

    def _blame_quote(self, skeleton: bytes, inside: list[bytes]) -> None:
        quote, delimiter = self.quote, self.delimiter
        line = self.line
        for record, spanned in _walk(skeleton, inside, quote):
            fields = record.split(delimiter)
            if any(quote in field and field.strip(quote) for field in fields):
                break
            line += spanned
        raise FileError(
            ErrorCode.UNBALANCED_QUOTE,
            "A quote stands in the middle of a field: double it, and quote the field.",
            line=line,
        )

    def _measure(self, skeleton: bytes) -> tuple[int, int]:
        """(records, width) if delimiters and line ends are one pattern, repeated; else records is -1."""
        shape = skeleton.translate(None, self.others)
        records = shape.count(b"\n")
        if self.width is None and records:
            self.width = shape.index(b"\n") + 1
        width = self.width or 0
        pattern = self.delimiter * (width - 1) + b"\n"
        return records if shape == pattern * records else -1, width

    def _blame_width(self, skeleton: bytes, inside: list[bytes]) -> None:
        line = self.line
        for record, spanned in _walk(skeleton, inside, self.quote):
            fields = record.count(self.delimiter) + 1
            if record and fields != self.width:
                message = f"This record has {fields} fields where the first has {self.width}."
                raise FileError(ErrorCode.RAGGED_ROWS, message, line=line)
            line += spanned


def _walk(skeleton: bytes, inside: list[bytes], quote: bytes) -> Iterator[tuple[bytes, int]]:
    """Each record of the skeleton and the physical lines it spans."""
    at = 0
    for record in skeleton.split(b"\n")[:-1]:
        quoted = record.count(quote)
        yield record, 1 + sum(line_ends(part) for part in inside[at : at + quoted])
        at += quoted


def _weave(skeleton: bytes, inside: list[bytes], quote: bytes) -> bytes:
    """The text again, from what is outside and what is inside its quotes."""
    if not inside:
        return skeleton
    parts = [b""] * (2 * len(inside) + 1)
    parts[0::2] = skeleton.split(quote)
    parts[1::2] = inside
    return quote.join(parts)


def _without_blank_lines(skeleton: bytes) -> tuple[bytes, int]:
    size = len(skeleton)
    skeleton = skeleton.lstrip(b"\n")
    while b"\n\n" in skeleton:
        skeleton = skeleton.replace(b"\n\n", b"\n")
    return skeleton, size - len(skeleton)


def line_ends(text: bytes) -> int:
    """How many line ends in the text: CRLF, LF or CR."""
    if b"\r" not in text:
        return text.count(b"\n")
    return text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")
