"""Records one by one -> a batch and its ledger: what is a record, and what only stands between records."""

from collections import Counter

from function.content import Finding, Sample, Use
from function.scan.batch import Batch
from function.scan.canonical import Canonical
from function.scan.comments import COMMENT, NOTHING
from function.scan.layout import Layout
from function.scan.ledger import EXCERPT
from function.scan.runs import Run
from function.scan.tokens import Damage, Row, Tokenizer
from function.scan.values import Look, look

MAX_ASIDE = 1000  # records of another shape behind a blank line that are kept until it is clear what they are

_DAMAGE = {
    Damage.STRAY_QUOTE: Finding.STRAY_QUOTE,
    Damage.UNCLOSED_QUOTE: Finding.UNCLOSED_QUOTE,
}


class Assembly:
    """Takes the text up where the last call left it; knows the line and what the lines before were.

    Args:
        layout: of the table.
        line: physical line at the start, from 1.
        offset: bytes of the file's text before it.
        canonical: takes the records.
    """

    def __init__(self, layout: Layout, line: int, offset: int, canonical: Canonical):
        self.line = line
        self._layout = layout
        self._canonical = canonical
        self._tokenizer = Tokenizer(layout.grammar, layout.width)
        self._text, self._at = "", 0  # what is being read, and where in it
        self._before = offset
        self._measured = 0, 0  # characters of the text, and the bytes before their end
        self._run: Run | None = None
        self._after_blank = False
        self._aside: list[tuple[Row, Sample]] = []
        self._over = False  # whatever follows is not of this table

    @property
    def plain(self) -> bool:
        """Whether the next record can be taken for one of the table without looking back."""
        return not (self._after_blank or self._aside or self._over or self._run)

    def skip(self, lines: int, size: int) -> None:
        """Go on behind records that were counted elsewhere."""
        self.line += lines
        self._before += size

    def read(self, text: str, portion: int, *, final: bool) -> tuple[Batch, int]:
        """Read records up to `portion` characters; (the batch, bytes read: 0 if more text is needed)."""
        self._text, self._at, self._measured = text, 0, (0, self._before)
        stop = min(portion, len(text))
        while self._at < stop:
            row = self._tokenizer.row(text, self._at, final=final)
            if row is None:
                break
            self._take(row)
            self.line += row.lines
            self._at = row.end
        size = len(text[: self._at].encode())
        self._before += size
        return self._canonical.take(), size

    def finish(self) -> Batch:
        """What was kept aside, now that the file is over."""
        rows, self._aside = self._aside, []
        widths = Counter(len(row.fields) for row, _ in rows)
        if set(widths) == {1}:
            self._put_off(rows, Use.FOOTER, Finding.FOOTER)
        elif len(rows) > 1 and widths.most_common(1)[0][1] > len(rows) / 2:
            self._put_off(rows, Use.OTHER_TABLE, Finding.OTHER_TABLE)
        else:
            self._resume(rows)
        self._end_run()
        return self._canonical.take()

    def _take(self, row: Row) -> None:
        fits = len(row.fields) == self._layout.width
        if fits and self.plain and self._is_ordinary(row):
            self._canonical.record(row.fields, row.lines)
            return
        text = self._text[self._at : row.end].rstrip("\r\n")
        if len(row.fields) == 1 and not text.strip(NOTHING):
            self._canonical.use(Use.BLANK, row.lines)
            self._after_blank = True
            return
        after_blank, self._after_blank = self._after_blank, False
        if self._over:
            self._canonical.use(Use.OTHER_TABLE, row.lines)
        elif self._is_comment(text, fits=fits):
            self._comment(row, fits=fits)
        elif after_blank and fits and self._is_header(row, text):
            self._over = True
            self._put_off([(row, self._sample())], Use.OTHER_TABLE, Finding.OTHER_TABLE)
        elif fits or not (self._aside or (after_blank and self._layout.width > 1)):
            self._resume(self._aside)
            self._add(row)
            if text == self._layout.header and text:
                self._canonical.find(Finding.REPEATED_HEADER, self._sample())
        else:
            self._set_aside(row)

    def _is_ordinary(self, row: Row) -> bool:
        """Whether there is nothing to be said of a record of the right width."""
        start = self._text[self._at]
        header = self._layout.header
        return (
            row.damage is None
            and not (row.swallowed or row.padded)
            and start not in "#/"
            and not (header and start == header[0] and self._text.startswith(header, self._at))
            and self._layout.width > 1
        )

    def _is_comment(self, text: str, *, fits: bool) -> bool:
        if self._layout.width == 1 or not self._layout.commented or not COMMENT.match(text):
            return False
        return not fits or 0 in self._layout.numeric

    def _comment(self, row: Row, *, fits: bool) -> None:
        self._canonical.use(Use.COMMENT, row.lines)
        if fits:
            self._canonical.find(Finding.COMMENTED_RECORD, self._sample())

    def _is_header(self, row: Row, text: str) -> bool:
        """Whether a record behind a blank line starts a table of its own."""
        if text == self._layout.header:
            return True
        names = all(look(field) in (Look.WORDS, Look.OTHER) for field in row.fields)
        return names and bool(self._layout.numeric) and len(set(row.fields)) == len(row.fields)

    def _set_aside(self, row: Row) -> None:
        self._aside.append((row, self._sample()))
        if len(self._aside) > MAX_ASIDE:
            self._over = True
            self._put_off(self._aside, Use.OTHER_TABLE, Finding.OTHER_TABLE)
            self._aside = []

    def _resume(self, rows: list[tuple[Row, Sample]]) -> None:
        """The table goes on, so what was kept aside are ragged records of it."""
        for row, sample in rows:
            self._add(row, sample)
        self._aside = []

    def _put_off(self, rows: list[tuple[Row, Sample]], use: Use, finding: Finding) -> None:
        self._canonical.use(use, sum(row.lines for row, _ in rows))
        self._canonical.find(finding, rows[0][1])

    def _add(self, row: Row, sample: Sample | None = None) -> None:
        """Write a record and say what is remarkable about it."""
        width, fields = self._layout.width, row.fields
        remarks = list(_remarks(row, width, self._layout.grammar.quote))
        if remarks and sample is None and any(map(self._canonical.wants, remarks)):
            sample = self._sample()
        for finding in remarks:
            self._canonical.find(finding, sample)
        if remarks == [Finding.BINARY]:
            self._canonical.use(Use.REJECTED, row.lines)
            return
        if len(fields) == width:
            self._end_run()
        else:
            self._run = self._run or Run(width, sample or self._sample())
            self._run.add(len(fields))
            fields = (fields + [""] * width)[:width]
        self._canonical.record(fields, row.lines)

    def _end_run(self) -> None:
        if self._run and self._run.finding:
            self._canonical.find(self._run.finding, self._run.sample)
        self._run = None

    def _sample(self) -> Sample:
        """The place of the record that is being taken; what is found there is filled in later."""
        characters, size = self._measured
        offset = size + len(self._text[characters : self._at].encode())
        self._measured = self._at, offset
        excerpt = self._text[self._at : self._at + EXCERPT].splitlines()
        return Sample(Finding.SHORT_RECORD, self.line, offset, excerpt[0] if excerpt else "")


def _remarks(row: Row, width: int, quote: str | None) -> list[Finding]:
    """What is remarkable about a record."""
    found = []
    if len(row.fields) != width:
        text = "".join(row.fields)
        if _is_binary(text):
            return [Finding.BINARY]
        if quote and text.count(quote) % 2:
            found.append(Finding.ODD_QUOTE)
        found.append(Finding.SHORT_RECORD if len(row.fields) < width else Finding.LONG_RECORD)
    if row.damage:
        found.append(_DAMAGE[row.damage])
    if row.swallowed:
        found.append(Finding.SWALLOWED_LINES)
    if row.padded:
        found.append(Finding.PADDED_QUOTE)
    return found


def _is_binary(text: str) -> bool:
    """Whether a record is mostly control characters."""
    start = text[:200]
    return 3 * sum(character < " " and character not in "\t\r\n" for character in start) > len(start) > 0
