"""Records one by one -> a batch and its ledger: what is a record, and what only stands between records."""

import csv
import io
from collections import Counter
from dataclasses import dataclass, field

from function.model import Finding, Sample, Use
from function.scan.batch import Batch
from function.scan.layout import COMMENT, NOTHING, Layout
from function.scan.ledger import EXCERPT, Ledger, first_of_each
from function.scan.tokens import Damage, Row, Tokenizer
from function.scan.values import Look, look

SHAPE = 5  # records of one other width in a row that may be a table of their own
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
        delimiter, quote: of the canonical form.
    """

    def __init__(self, layout: Layout, line: int, delimiter: str, quote: str | None):
        self.line = line
        self._offset = 0
        self._layout = layout
        self._tokenizer = Tokenizer(layout.grammar, layout.width)
        self._marks = delimiter, quote
        self._run = _Run(layout.width)
        self._after_blank = False
        self._aside: list[tuple[Row, Sample]] = []
        self._over = False  # whatever follows is not of this table
        self._samples: list[Sample] = []
        self._start()

    @property
    def plain(self) -> bool:
        """Whether the next record can be taken for one of the table without looking back."""
        return not (self._after_blank or self._aside or self._over or self._run.widths)

    def skip(self, lines: int, size: int) -> None:
        """Go on behind records that were counted elsewhere."""
        self.line += lines
        self._offset += size

    def read(self, text: str, portion: int, *, final: bool) -> tuple[Batch, int]:
        """Read records up to `portion` characters; (the batch, bytes read: 0 if more text is needed)."""
        at = 0
        while at < min(portion, len(text)):
            row = self._tokenizer.row(text, at, final=final)
            if row is None:
                break
            raw = text[at : row.end]
            self._take(row, raw)
            self.line += row.lines
            self._offset += len(raw.encode())
            at = row.end
        return self._flush(), len(text[:at].encode())

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
        return self._flush()

    def _take(self, row: Row, raw: str) -> None:
        bare = raw.rstrip("\r\n")
        if len(row.fields) == 1 and not bare.strip(NOTHING):
            self._lines[Use.BLANK] += row.lines
            self._after_blank = True
            return
        after_blank, self._after_blank = self._after_blank, False
        fits = len(row.fields) == self._layout.width
        if self._over:
            self._lines[Use.OTHER_TABLE] += row.lines
        elif COMMENT.match(bare) and self._layout.width > 1 and not (fits and 0 not in self._layout.numeric):
            self._lines[Use.COMMENT] += row.lines
            if fits:
                self._find(Finding.COMMENTED_RECORD, self._sample(Finding.COMMENTED_RECORD, bare))
        elif after_blank and fits and self._another_header(row, bare):
            self._over = True
            self._put_off(
                [(row, self._sample(Finding.OTHER_TABLE, bare))], Use.OTHER_TABLE, Finding.OTHER_TABLE
            )
        elif fits or not (self._aside or (after_blank and self._layout.width > 1)):
            self._resume(self._aside)
            self._add(row, self._sample(Finding.SHORT_RECORD, bare))
            if bare and bare == self._layout.header:
                self._find(Finding.REPEATED_HEADER, self._sample(Finding.REPEATED_HEADER, bare))
        else:
            self._set_aside(row, bare)

    def _set_aside(self, row: Row, bare: str) -> None:
        self._aside.append((row, self._sample(Finding.OTHER_TABLE, bare)))
        if len(self._aside) > MAX_ASIDE:
            self._over = True
            self._put_off(self._aside, Use.OTHER_TABLE, Finding.OTHER_TABLE)
            self._aside = []

    def _another_header(self, row: Row, bare: str) -> bool:
        """Whether a record behind a blank line starts a table of its own."""
        if bare == self._layout.header:
            return True
        looks = [look(field) for field in row.fields]
        names = all(found in (Look.WORDS, Look.OTHER) for found in looks)
        return names and bool(self._layout.numeric) and len(set(row.fields)) == len(row.fields)

    def _resume(self, rows: list[tuple[Row, Sample]]) -> None:
        """The table goes on, so what was kept aside are ragged records of it."""
        for row, sample in rows:
            self._add(row, sample)
        self._aside = []

    def _put_off(self, rows: list[tuple[Row, Sample]], use: Use, finding: Finding) -> None:
        self._lines[use] += sum(row.lines for row, _ in rows)
        self._find(finding, rows[0][1])

    def _add(self, row: Row, sample: Sample) -> None:
        width, fields = self._layout.width, row.fields
        if len(fields) != width and _is_binary(fields):
            self._lines[Use.REJECTED] += row.lines
            self._find(Finding.BINARY, sample)
            return
        if len(fields) == width:
            self._end_run()
        else:
            self._run.widths.append(len(fields))
            self._run.sample = self._run.sample or sample
            if "".join(fields).count(self._layout.grammar.quote or "\0") % 2:
                self._find(Finding.ODD_QUOTE, sample)
            self._find(Finding.SHORT_RECORD if len(fields) < width else Finding.LONG_RECORD, sample)
            fields = (fields + [""] * width)[:width]
        if row.damage:
            self._find(_DAMAGE[row.damage], sample)
        if row.swallowed:
            self._find(Finding.SWALLOWED_LINES, sample)
        if row.padded:
            self._find(Finding.PADDED_QUOTE, sample)
        self._write(fields)
        self._records += 1
        self._lines[Use.RECORD] += row.lines

    def _end_run(self) -> None:
        """Ragged records one behind the other may be more than ragged."""
        finding = self._run.finding
        if finding and self._run.sample:
            self._find(finding, self._run.sample)
        self._run = _Run(self._layout.width)

    def _sample(self, finding: Finding, text: str) -> Sample:
        return Sample(finding, self.line, self._offset, text[:EXCERPT])

    def _find(self, finding: Finding, sample: Sample) -> None:
        self._found[finding] += 1
        self._samples.append(Sample(finding, sample.line, sample.offset, sample.excerpt))
        if len(self._samples) > 1000:
            self._samples = list(first_of_each(tuple(self._samples)))

    def _start(self) -> None:
        delimiter, quote = self._marks
        self._text = io.StringIO()
        self._write = csv.writer(
            self._text,
            delimiter=delimiter,
            quotechar=quote,
            quoting=csv.QUOTE_ALL if quote else csv.QUOTE_NONE,
            lineterminator="\n",
        ).writerow
        self._records = 0
        self._lines: Counter[Use] = Counter()
        self._found: Counter[Finding] = Counter()
        self._samples = []

    def _flush(self) -> Batch:
        """The batch so far, and a new one begun."""
        ledger = Ledger(
            self._records, dict(self._lines), dict(self._found), first_of_each(tuple(self._samples))
        )
        batch = Batch(self._text.getvalue().encode(), self._records, *self._marks, ledger)
        self._start()
        return batch


@dataclass(slots=True)
class _Run:
    """Ragged records without one of the right width between them."""

    width: int
    widths: list[int] = field(default_factory=list)
    sample: Sample | None = None

    @property
    def finding(self) -> Finding | None:
        """What they may be instead."""
        if len(self.widths) == 2 and max(self.widths) < self.width <= sum(self.widths) - 1:
            return Finding.BROKEN_RECORD
        if len(self.widths) >= SHAPE and len(set(self.widths)) == 1 and self.widths[0] > 1:
            return Finding.OTHER_SHAPE
        return None


def _is_binary(fields: list[str]) -> bool:
    """Whether a record is mostly control characters."""
    text = "".join(fields)
    return (
        3 * sum(character < " " and character not in "\t\r\n" for character in text[:200])
        > min(len(text), 200)
        > 0
    )
