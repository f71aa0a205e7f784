"""Where the table starts and what its columns are called, told from the records of the sample."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from function.domain.content import Use
from function.domain.findings import Sample
from function.domain.instructions import Options
from function.scan.layout.column_shapes import VALUES, columns_of
from function.scan.layout.dialect import Candidate
from function.scan.layout.doubts import doubts_before_data, doubts_of_dialect
from function.scan.layout.extra_header import lines_of_names
from function.scan.layout.header import header_likelihood
from function.scan.layout.preamble import (
    Placed,
    declared_width,
    heads,
    start_of_table,
    width_by_header,
)
from function.scan.syntax.grammar import Grammar
from function.scan.syntax.line_ends import usual_line_end
from function.scan.syntax.tokens import Tokenizer

LIKELY = 0.75
BODY = 100  # records that the header is compared with


@dataclass(frozen=True, slots=True)
class Layout:
    """What is known of a table before its data are read.

    Attributes:
        grammar: of its records.
        width: how many columns.
        offset: characters before the first data record.
        line: where the table begins, physical line from 1.
        lines: physical lines of those, by use.
        names: of the columns, as in the header; None without one.
        header: the header's own text, without its line end.
        confidence: that there is a header, or that there is none, 0.5 to 1.
        typed: columns of which the sample has only numbers, times or addresses.
        remarked: whether records that look like comments are comments.
        commented: whether lines of another width that look like comments are.
        line_end: of most lines; None if there is none.
        doubts: what is remarkable about the lines before the data, and about the first record.
    """

    grammar: Grammar
    width: int
    offset: int
    line: int
    lines: Counter[Use]
    names: tuple[str, ...] | None
    header: str
    confidence: float
    typed: frozenset[int]
    remarked: bool
    commented: bool
    line_end: str | None
    doubts: tuple[Sample, ...]

    @property
    def short_header(self) -> int:
        """How many names there are, if fewer than columns; else 0."""
        names = len(self.names or ())
        return names if names < self.width else 0


def lay_out(sample: str, dialect: Candidate, options: Options, *, whole: bool = True) -> Layout:
    """Find preamble, header and first data record.

    Args:
        sample: the start of the text.
        dialect: as sniffed.
        options: may say whether there is a header.
        whole: whether the sample is all of the text.
    """
    grammar = dialect.grammar
    rows, ends = _rows(sample, grammar, dialect.width, whole=whole)
    first, width = _start_and_width(rows, dialect, options)
    places = [place for place in range(first, len(rows)) if _counts(rows[place], width)]
    table = [rows[place] for place in places]
    below = lines_of_names(table, width) if options.header is not False else 0
    likely = _likelihood(table, below, width, grammar) if table else 1.0
    has_header = bool(table) and (likely >= 0.5 if options.header is None else options.header)
    heads = 1 + below if has_header else 0
    data = table[heads:]
    start = (places[heads - 1] + 1 if heads else places[0]) if places else len(rows)
    remarked = _remarked(rows[:first], data)
    return Layout(
        grammar,
        width,
        ends[start - 1] if start else 0,
        rows[first].line if rows else 1,
        _lines(rows[:start], first, has_header=has_header),
        tuple(table[0].fields[:width]) if has_header else None,
        table[0].text if has_header else "",
        max(likely, 1 - likely) if options.header is None else 1.0,
        frozenset(columns_of(VALUES, _first_part(rows[start:], width), width)),
        remarked,
        remarked or not _start_alike(data, width),
        usual_line_end(sample),
        (
            *doubts_of_dialect(dialect, rows[first:], options, named=has_header),
            *doubts_before_data(rows[:first], table, heads, width),
        ),
    )


def _start_and_width(rows: Sequence[Placed], dialect: Candidate, options: Options) -> tuple[int, int]:
    """Which record is the table's first, and how many columns it has."""
    width, named = dialect.width, options.header is not False
    if named:
        width = declared_width(rows, width)
    first = start_of_table(rows, width, titles=options.header is None)
    if rows and named:
        width = width_by_header(rows[first], width, 0.0 if _damaged(rows[first:]) else dialect.even)
    return first, width


def _rows(sample: str, grammar: Grammar, width: int, *, whole: bool) -> tuple[list[Placed], list[int]]:
    """The records of the sample, and where each ends."""
    rows, ends, start, line = [], [], 0, 1
    for row in Tokenizer(grammar, width).rows(sample, whole=whole):
        rows.append(Placed(row, sample[start : row.end].rstrip("\r\n"), line))
        ends.append(row.end)
        start, line = row.end, line + row.lines
    return rows, ends


def _damaged(rows: Sequence[Placed]) -> bool:
    """Whether most records have damaged quotes, so that their width is doubtful."""
    return 2 * sum(placed.row.damage is not None for placed in rows) > len(rows)


def _counts(placed: Placed, width: int) -> bool:
    """Whether a record is one of the table's, not a blank line or comment."""
    return not placed.blank and not (placed.comment and len(placed.fields) != width)


def _first_part(rows: Sequence[Placed], width: int) -> list[list[str]]:
    """The records before the first gap: what follows may be of another table."""
    records: list[list[str]] = []
    for placed in rows:
        if placed.filled == 0 and len(records) > 1:
            break
        if placed.filled and not placed.comment:
            records.append(placed.fields)
    return records


def _remarked(before: Sequence[Placed], data: Sequence[Placed]) -> bool:
    """Whether what looks like a comment is one: where others stand above, or it is no number or time."""
    records = [placed.fields for placed in data if not placed.comment]
    return any(placed.comment for placed in before) or 0 in columns_of(VALUES, records, 1)


def _start_alike(data: Sequence[Placed], width: int) -> bool:
    """Whether several records look like comments."""
    return sum(placed.comment and len(placed.fields) == width for placed in data) > 1


def _likelihood(table: Sequence[Placed], below: int, width: int, grammar: Grammar) -> float:
    """How likely the first record is a header."""
    if heads(table[1:], width):
        return LIKELY  # it stands above names, so it is no record
    body = table[1 + below : 1 + below + BODY]
    mark = grammar.quote
    quoted = [bool(mark) and placed.text.startswith(mark or "") for placed in [table[0], *body]]
    if any(mark in table[0].fields[0] for mark in (grammar.delimiter, mark or "\n", "\n")):
        quoted[0] = False  # it had to be
    return header_likelihood(table[0].fields, [placed.fields for placed in body], quoted)


def _lines(before: Sequence[Placed], first: int, *, has_header: bool) -> Counter[Use]:
    """What the lines before the data are."""
    lines: Counter[Use] = Counter()
    for place, placed in enumerate(before):
        if placed.blank:
            use = Use.BLANK
        elif has_header and place >= first:
            use = Use.COMMENT if placed.comment and place > first else Use.HEADER
        else:
            use = Use.PREAMBLE
        lines[use] += placed.row.lines
    return lines
