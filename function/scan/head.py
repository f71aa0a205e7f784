"""The start of the text -> what it settles: layout, dialect and names."""

from collections import Counter
from dataclasses import dataclass

from function.domain.content import Dialect, Use
from function.domain.errors import ErrorCode, FileError
from function.domain.instructions import Options
from function.scan.layout.dialect import SAMPLE, sniff
from function.scan.layout.layout import Layout, lay_out
from function.scan.profile.tally import Tally, empty_tally
from function.scan.records.ledger import Ledger

MAX_COLUMNS = 50_000  # read in 250 to 480 MB of memory


@dataclass(frozen=True, slots=True)
class Head:
    """What the start of the text settles.

    Attributes:
        layout: of the table.
        dialect: as published, but for encoding and compression, which are the text's.
        names: of the columns.
        line: physical line where the table begins, from 1.
        offset: bytes of text before the first data record.
    """

    layout: Layout
    dialect: Dialect
    names: tuple[str, ...]
    line: int
    offset: int

    @property
    def first_line(self) -> int:
        """Physical line of the first data record, from 1."""
        return 1 + self.layout.lines.total()

    def opening(self) -> Tally:
        """The lines before the data."""
        layout = self.layout
        found = Counter(sample.finding for sample in layout.doubts)
        widths = {(Use.HEADER, layout.short_header): layout.line} if layout.short_header else {}
        ledger = Ledger(lines=dict(layout.lines), found=found, samples=layout.doubts, widths=widths)
        return empty_tally(layout.width).merge(Tally(ledger))


def settle(prefix: bytes, options: Options, *, whole: bool) -> Head:
    """Guess the layout of the table.

    Args:
        prefix: the start of the text.
        options: what is known of it.
        whole: whether the prefix is all of it.

    Raises:
        FileError: `too_large`, if the table has too many columns.
    """
    text = prefix.decode()
    sample = _sample(text, whole=whole)
    complete = whole and len(sample) == len(text)
    layout = lay_out(sample, sniff(sample, options, whole=complete), options, whole=complete)
    if layout.width > MAX_COLUMNS:
        message = f"The table has {layout.width:,} columns or more; {MAX_COLUMNS:,} can be read."
        raise FileError(ErrorCode.TOO_LARGE, message, line=1 + layout.lines[Use.PREAMBLE])
    line = 1 + layout.lines.total() if layout.short_header else layout.line
    return Head(layout, _dialect(layout), _names(layout), line, len(sample[: layout.offset].encode()))


def _dialect(layout: Layout) -> Dialect:
    return Dialect(
        delimiter=layout.grammar.delimiter,
        quote=layout.grammar.quote,
        escape=layout.grammar.escape,
        line_ending=layout.line_end,
        header=layout.names is not None,
        header_confidence=round(layout.confidence, 2),
        preamble_lines=layout.lines[Use.PREAMBLE],
    )


def _names(layout: Layout) -> tuple[str, ...]:
    given = layout.names or ()
    names = [given[place].strip() if place < len(given) else "" for place in range(layout.width)]
    return tuple(name or f"column_{place}" for place, name in enumerate(names, 1))


def _sample(prefix: str, *, whole: bool) -> str:
    """Whole lines of the prefix, enough for a guess."""
    if whole and len(prefix) <= SAMPLE:
        return prefix
    ends = max(prefix.rfind("\n", 0, SAMPLE), prefix.rfind("\r", 0, SAMPLE - 1))
    return prefix[: ends + 1] if ends >= 0 else prefix
