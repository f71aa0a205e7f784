"""How a table ends: perhaps with a total, or with a note."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from function.domain.findings import EXCERPT, Finding, Sample
from function.scan.layout.cells import MISSING, CellShape, shape_of
from function.scan.layout.layout import Layout
from function.scan.records.ragged_runs import Run
from function.scan.syntax.line_ends import LINE_END
from function.scan.syntax.tokens import Row, Tokenizer

_TOTAL = re.compile(
    r"(?:(?:grand|sub|sum)[ -]?)?(?:totals?|totale|totaal|totaux|total général|total general)"
    r"|totals?\b.{0,30}|.{0,30}\btotals?"
    r"|sum|summe|gesamt(?:summe)?|insgesamt|zusammen|somme|suma|soma|ogółem|razem|celkem|spolu|összesen|yhteensä"
    r"|i alt|summa|toplam|итого|всего|合計|总计|合计|總計|小計|小计|합계|총계",
    re.IGNORECASE,
)


SELDOM = 5  # records for each ragged one, where ragged ones are seldom


@dataclass(slots=True)
class Ending:
    """The last record so far, and what the last ones have in common.

    Attributes:
        layout: of the table.
        find: takes what is found.
        ragged: how many records had another width.
        lines: physical lines before the text that is read.
        compared: whether the end was judged by how many lines and ragged records there were before.
        begun: whether there was any record.
    """

    layout: Layout
    find: Callable[[Finding, Sample], None]
    ragged: int = 0
    lines: int = 0
    compared: bool = False
    begun: bool = False
    _last: Sample | None = None  # the last record, if it has one line
    _alone: Sample | None = None  # where the last records begin to have a single field
    _note: bool = False  # whether there are words in it
    _recent: tuple[int, int] | None = None  # the line of the last record and where it is in the text

    @property
    def is_alone(self) -> bool:
        """Whether the last record had a single field: what follows tells whether that is a note."""
        return self._alone is not None

    def skip(self, text: bytes, size: int, line: int, before: int) -> None:
        """Go on behind records that were counted elsewhere.

        Args:
            text: the records.
            size: its bytes.
            line: physical line behind them.
            before: bytes of the file's text before them.
        """
        end = size
        while end and text[end - 1] in b"\r\n":
            end -= 1
        start = 1 + max(text.rfind(b"\n", 0, end), text.rfind(b"\r", 0, end))
        last, quote = text[start:end], (self.layout.grammar.quote or "\n").encode()
        whole = last.count(quote) % 2 == 0  # else it is the end of a field over several lines
        excerpt = last[: 4 * EXCERPT].decode(errors="ignore")[:EXCERPT]
        self._last = Sample(Finding.TOTAL, line - 1, before + start, excerpt) if whole else None
        self._recent, self.begun = None, True
        self._go_on()

    def empty(self) -> None:
        """Go on behind records of empty fields."""
        self._last = self._recent = None
        self.begun = True
        self._go_on()

    def add(self, row: Row, sample: Sample | None, line: int, at: int) -> None:
        """Go on behind a record.

        Args:
            row: as it was read.
            sample: its place, if that was asked for; always for a ragged one.
            line: physical line it starts on.
            at: where it starts in the text.
        """
        one_line, alone = row.lines == 1, len(row.fields) == 1 < self.layout.width
        self.ragged += len(row.fields) != self.layout.width
        self.begun = True
        self._last = replace(sample, finding=Finding.TOTAL) if sample and one_line else None
        self._recent = (line, at) if one_line and not sample else None
        if not alone:
            self._go_on()
        elif not self._alone:
            self._alone, self._note = sample, _is_word(row.fields[0])

    def _go_on(self) -> None:
        """Records follow, so what had a single field stands among them."""
        if self._alone and self._note:
            self.find(Finding.NOTE, replace(self._alone, finding=Finding.NOTE))
        self._alone = None

    def settle(self, text: str, before: int) -> None:
        """Say where the last record is, before the text goes."""
        if self._recent:
            line, at = self._recent
            excerpt = LINE_END.split(text[at : at + EXCERPT], 1)[0]
            self._last = Sample(Finding.TOTAL, line, before + len(text[:at].encode()), excerpt)
            self._recent = None

    def finish(self, run: Run | None, line: int) -> None:
        """Find what may be no record at the end.

        Args:
            run: of ragged records, that nothing follows.
            line: the last one of the text that is read.
        """
        fields, trailer, line = self._fields(), self._alone, line + self.lines
        if run and run.shorter:
            self.compared = True
            if SELDOM * (self.ragged - run.count) <= line > 3 * run.count:
                trailer = trailer or run.sample
        if self._last and is_total(fields):
            self.find(Finding.TOTAL, self._last)
        elif self._last and self.layout.width > 1 and is_note(fields, self.layout.width, self.layout.typed):
            trailer = trailer or self._last
        if trailer:
            self.find(Finding.TRAILER, trailer)

    def _fields(self) -> list[str]:
        """Those fields of the last record that its excerpt has in full."""
        text = self._last.excerpt if self._last else ""
        row = Tokenizer(self.layout.grammar).row(text, 0, final=True)
        if row is None or row.damage:
            return []
        return row.fields if len(text) < EXCERPT else row.fields[:-1]


def is_total(fields: Sequence[str]) -> bool:
    """Whether one of the first fields says that the record is the sum of the others."""
    words = [field.strip(" \t:\"'*=") for field in fields[:4]]
    return len(words) > 1 and any(map(_TOTAL.fullmatch, words))


_NOTE = re.compile(
    r"[*†‡§¹²³]+ ?[^\W\d].*|[(\[]\d{1,2}[)\]] ?[^\W\d].*"
    r"|(?:notes?|sources?|quellen?|anmerkung(?:en)?|stand|nota|fuente|fonte|remarque|opmerking|bron|uwaga|źródło)"
    r" ?:.*|(?:copyright|generated|exported|printed|created|last updated|end of|eof)\b.*",
    re.IGNORECASE | re.DOTALL,
)


def is_note(fields: Sequence[str], width: int, typed: Collection[int]) -> bool:
    """Whether a record begins like a note, or has words where the table has values.

    The words have to stand in the first field, or wherever the table has values.

    Args:
        fields: of the record, or the first of them.
        width: of the table.
        typed: columns of numbers, times or addresses.
    """
    filled = [
        place for place in typed if place < len(fields) and shape_of(fields[place]) is not CellShape.EMPTY
    ]
    words = [place for place in filled if _is_word(fields[place])]
    odd = bool(words) and (words[0] == 0 or len(words) == len(filled))
    if odd or not fields:
        return odd
    return bool(_NOTE.fullmatch(fields[0].strip())) or (len(fields) == width and _is_sentence(fields))


def _is_sentence(fields: Sequence[str]) -> bool:
    """Whether there are several words in the first field, and nothing in the others."""
    return len(fields[0].split()) > 2 and not any(field.strip() for field in fields[1:])


def _is_word(field: str) -> bool:
    return shape_of(field) in (CellShape.WORDS, CellShape.OTHER) and field.strip().lower() not in MISSING
