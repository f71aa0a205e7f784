"""Where the table starts and what its columns are called, told from the records of the sample."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from function.content import Options, Use
from function.scan.grammar import Grammar
from function.scan.header import header_likelihood
from function.scan.tokens import Row, Tokenizer
from function.scan.values import Look, look

BODY = 100  # records that the header is compared with
COMMENT = re.compile(r"(?:#|//)(?:[\s\w\"'#*=:.!-]|$)")  # `#{` and the like belong to templates
NOTHING = " \t\0\x1a"  # what a blank line may have


@dataclass(frozen=True, slots=True)
class Layout:
    """What is known of a table before its data are read.

    Attributes:
        grammar: of its records.
        width: how many columns.
        offset: characters before the first data record.
        lines: physical lines of those, by use.
        names: of the columns, as in the header; None without one.
        header: the header's own text, without its line end.
        confidence: that there is a header, or that there is none, 0.5 to 1.
        numeric: columns of which the sample has only numbers.
        wide_preamble: line before the header that has several fields and is left out all the same; 0 if none.
    """

    grammar: Grammar
    width: int
    offset: int
    lines: Counter[Use]
    names: tuple[str, ...] | None
    header: str
    confidence: float
    numeric: frozenset[int]
    wide_preamble: int


@dataclass(frozen=True, slots=True)
class _Placed:
    """A record of the sample and where it is."""

    row: Row
    start: int
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip(NOTHING) and len(self.row.fields) == 1

    @property
    def filled(self) -> int:
        return sum(bool(field.strip(NOTHING)) for field in self.row.fields)


def lay_out(sample: str, grammar: Grammar, width: int, options: Options) -> Layout:
    """Find preamble, header and first data record.

    Args:
        sample: the start of the text.
        grammar: as sniffed.
        width: fields of most records.
        options: may say whether there is a header.
    """
    rows = _rows(sample, grammar, width)
    width = _declared_width(rows, width)
    first = _first_of_table(rows, width, titles=options.header is None)
    table = [place for place in range(first, len(rows)) if _counts(rows[place], width)]
    body = [rows[place].row.fields for place in table[1 : BODY + 1]]
    quoted = [bool(grammar.quote) and rows[place].text.startswith(grammar.quote or "") for place in table]
    likely = header_likelihood(rows[first].row.fields, body, quoted) if table else 1.0
    has_header = likely >= 0.5 if options.header is None else options.header
    before = rows[: first + has_header]
    lines: Counter[Use] = Counter()
    for place, placed in enumerate(before):
        use = Use.HEADER if has_header and place == first else Use.BLANK if placed.blank else Use.PREAMBLE
        lines[use] += placed.row.lines
    header = rows[first] if has_header else None
    data = [rows[place].row.fields for place in table[has_header:] if not COMMENT.match(rows[place].text)]
    return Layout(
        grammar,
        width,
        before[-1].row.end if before else 0,
        lines,
        tuple(header.row.fields) if header else None,
        header.text if header else "",
        max(likely, 1 - likely) if options.header is None else 1.0,
        _numeric(data, width),
        _wide_preamble(rows[:first]),
    )


def _rows(sample: str, grammar: Grammar, width: int) -> list[_Placed]:
    rows, start = [], 0
    for row in Tokenizer(grammar, width).rows(sample):
        rows.append(_Placed(row, start, sample[start : row.end].rstrip("\r\n")))
        start = row.end
    return rows


def _counts(placed: _Placed, width: int) -> bool:
    """Whether a record is one of the table's, not a blank line or comment."""
    return not placed.blank and not (COMMENT.match(placed.text) and len(placed.row.fields) != width)


def _declared_width(rows: Sequence[_Placed], width: int) -> int:
    """A first record that is all names declares columns, even if the data leave the last ones out."""
    first = next((placed for placed in rows if not placed.blank), None)
    if first is None or len(first.row.fields) <= width:
        return width
    looks = [look(field) for field in first.row.fields]
    return len(looks) if all(found is Look.WORDS for found in looks) else width


def _first_of_table(rows: Sequence[_Placed], width: int, *, titles: bool) -> int:
    """The first record that is as wide as the table and, if there may be titles, more than one."""
    wide = [
        place for place, placed in enumerate(rows) if len(placed.row.fields) == width and not placed.blank
    ]
    if not wide:
        return next((place for place, placed in enumerate(rows) if not placed.blank), 0)
    first = wide[0]
    if width > 2 and titles:
        alone = [place for place in wide[:10] if rows[place].filled <= 1]
        later = [place for place in wide[:20] if rows[place].filled > width / 2]
        if first in alone and later and later[0] <= first + 5:
            first = later[0]
    usual = Counter(len(placed.row.fields) for placed in rows[first:])
    for place, placed in enumerate(rows[:first]):
        fields = len(placed.row.fields)
        ragged = 1 < fields != width and usual[fields] > usual.total() / 10
        if ragged or (place == first - 1 and _names(placed, width)):
            return place
    return first


def _names(placed: _Placed, width: int) -> bool:
    """Whether a record of another width is a header all the same: several names and nothing else."""
    looks = [look(field) for field in placed.row.fields]
    return (
        1 < len(looks) < width
        and all(found is Look.WORDS for found in looks)
        and not COMMENT.match(placed.text)
    )


def _wide_preamble(rows: Sequence[_Placed]) -> int:
    line = 1
    for placed in rows:
        if placed.filled > 1 and not COMMENT.match(placed.text):
            return line
        line += placed.row.lines
    return 0


def _numeric(records: Sequence[Sequence[str]], width: int) -> frozenset[int]:
    """Columns that have numbers, but for the odd cell."""
    numeric = []
    for place in range(width):
        looks = Counter(look(record[place]) for record in records if place < len(record))
        filled = looks.total() - looks[Look.EMPTY]
        if filled and looks[Look.NUMBER] >= 0.9 * filled:
            numeric.append(place)
    return frozenset(numeric)
