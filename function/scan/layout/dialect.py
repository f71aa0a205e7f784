"""The dialect: of all pairs of delimiter and quote, the one that makes most of a table of the text.

A reading of the sample is the more likely a table the more of its records have the same width, the more of
their cells look like values (numbers, dates, words, not leftovers of another delimiter), and the fewer
quotes are broken. The idea of weighing both follows van den Burg, Nazábal and Sutton, "Wrangling messy CSV
files by detecting row and type patterns", Data Mining and Knowledge Discovery 33 (2019); the measure here
is simpler.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from function.domain.instructions import Options
from function.scan.layout import separation
from function.scan.layout.cells import CellShape, shape_of
from function.scan.layout.dialect_candidates import CONTROL, USUAL, grammars
from function.scan.syntax.comments import SEPARATOR_LINE, without_remarks
from function.scan.syntax.grammar import Grammar
from function.scan.syntax.tokens import Row, Tokenizer

SAMPLE_RECORDS = 300
SAMPLE = 1 << 16  # characters

PRIOR = {",": 1.0, ";": 1.0, "\t": 1.0, "|": 0.98, ":": 0.5, " ": 0.5} | dict.fromkeys(CONTROL, 1.0)
LIKELY, LIKELY_PRIOR = "§¦¬¶^~*&!#", 0.6  # marks that seldom stand in text, in every line
OTHER_PRIOR = 0.45  # of a delimiter nobody expects
PROVEN = 0.6  # of one that parts each line in as many fields, the first of them words over values
MULTIPLE_PRIOR = 0.7  # of several characters
ALONE = 0.5  # of a text without any delimiter
OUTSIDE, OUTSIDE_BEHIND_BLANK = 0.5, 0.1  # what a line before or behind the table counts against it
LEAST_EVEN = 0.5  # of the records have the width, or the delimiter is doubtful
CLOSE = 0.75  # of the best score, with which another reading makes it doubtful


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading of the sample.

    Attributes:
        grammar: what it was read with.
        width: fields of most of its records.
        score: how likely a table, 0 to 1.
        even: the share of its records that have the width.
        named: less than 1 where the first line does not have the delimiter.
        idle: whether nothing stands behind the delimiter, as behind the marks that end lines of code.
        sure: whether no other delimiter fits nearly as well.
    """

    grammar: Grammar
    width: int
    score: float
    even: float = 1.0
    named: float = 1.0
    idle: bool = False
    sure: bool = True


def sniff(sample: str, options: Options, *, whole: bool = True) -> Candidate:
    """The likeliest dialect of a sample that starts with a record.

    Args:
        sample: the start of the text.
        options: what is known of the dialect.
        whole: whether the sample is all of the text; else its last record may be cut.
    """
    separator = SEPARATOR_LINE.match(sample)
    delimiter = options.delimiter or (separator.group(1) if separator else None)
    text = without_remarks(sample)
    found = [measure(text, grammar, whole=whole) for grammar in grammars(text, delimiter, options.quote)]
    best = max(found, key=lambda candidate: candidate.score)
    return replace(best, sure=delimiter is not None or _sure(best, found))


def _sure(best: Candidate, found: Sequence[Candidate]) -> bool:
    """Whether a reading is that of most records, and no other is nearly as likely."""
    mark = best.grammar.delimiter
    others = [other.score for other in found if other.grammar.delimiter != mark and other.width > 1]
    usual = (
        best.width == 1
        or mark in USUAL
        or mark in CONTROL
        or (best.named == 1 and (best.width > 2 or mark in LIKELY))
    )
    if best.idle and best.even < 1:
        return False
    return best.even >= LEAST_EVEN and usual and max(others, default=0.0) <= CLOSE * best.score


def measure(sample: str, grammar: Grammar, *, whole: bool = True) -> Candidate:
    """Read the sample and judge the table that comes of it."""
    rows = list(islice(Tokenizer(grammar).rows(sample, whole=whole), SAMPLE_RECORDS))
    inner, outside = _parted(rows)
    if not inner:
        return Candidate(grammar, 1, 0.0)
    widths = Counter(len(row.fields) for row in inner)
    width = _width(inner, widths)
    regular = [row for row in inner if len(row.fields) == width]
    even = len(regular) / (len(inner) + outside)
    clean = sum(separation.clean(row, grammar) for row in regular) / len(regular)
    sound = 1 - sum(row.damage is not None for row in inner) / len(inner)
    if width == 1:
        return Candidate(grammar, 1, even**2 * clean**2 * sound * ALONE * separation.whole_lines(inner), even)
    if separation.every_other_empty(regular) or not separation.parts_values(grammar, width, rows, regular):
        return Candidate(grammar, width, 0.0)
    evenness = max(even**2, _falling(inner, width) if len(rows[0].fields) > 1 else 0.0)
    prior = max(_prior(grammar), PROVEN if even == 1 and separation.names_values(rows, width) else 0)
    score = evenness * clean**2 * (0.3 + 0.7 * sound) * prior * (1 - 0.5 / width)
    named = _named(rows, width)
    idle = not any(field.strip() for row in regular for field in row.fields[1:])
    if idle and grammar.delimiter not in USUAL:
        return Candidate(grammar, width, 0.0)
    return Candidate(grammar, width, score * named, even, named, idle)


def _parted(rows: Sequence[Row]) -> tuple[list[Row], float]:
    """The records from the first of several fields to the last; what the lines around them count."""
    filled = [place for place, row in enumerate(rows) if separation.filled(row)]
    several = [place for place in filled if len(rows[place].fields) > 1]
    if len(several) < 2:
        return [rows[place] for place in filled], 0.0
    first, last = several[0], several[-1]
    blank = {place for place, row in enumerate(rows) if not separation.filled(row) and len(row.fields) == 1}
    outside = 0.0
    for around in ([p for p in filled if p < first], [p for p in filled if p > last]):
        between = (
            range(around[-1], first)
            if around and around[0] < first
            else range(last, around[0] if around else 0)
        )
        share = OUTSIDE if 2 * len(around) <= last - first else 1.0
        outside += len(around) * (OUTSIDE_BEHIND_BLANK if blank.intersection(between) else share)
    return [rows[place] for place in filled if first <= place <= last], outside


def _prior(grammar: Grammar) -> float:
    if grammar.run:
        return 0.75 if grammar.run > 1 else 0.6
    usual = LIKELY_PRIOR if grammar.delimiter in LIKELY else OTHER_PRIOR
    return PRIOR.get(grammar.delimiter, MULTIPLE_PRIOR if len(grammar.delimiter) > 1 else usual)


def _named(rows: Sequence[Row], width: int) -> float:
    """The first line should have the delimiter; one without may be a title, or the name of a column."""
    first = next(row.fields for row in rows if separation.filled(row))
    if len(first) > 1:
        return 1.0
    return 0.5 if width == 2 or any(mark in first[0] for mark in ",;\t|") else 0.7


def _width(rows: list[Row], widths: Counter[int]) -> int:
    """The most frequent width; of two tables one below the other, that of the first."""
    best = max(widths, key=lambda width: (widths[width] * (1 - 1 / (width + 1)), width))
    before: Counter[int] = Counter()
    for row in rows:
        if len(row.fields) == best:
            break
        before[len(row.fields)] += 1
    for width, count in before.most_common(1):
        if count == widths[width] > max(4, len(rows) / 4) and width > max(2, best / 2):
            return width
    return best


def _falling(rows: Sequence[Row], width: int) -> float:
    """How even a short table of names and ragged records is."""
    names = all(shape_of(field) is CellShape.WORDS for field in rows[0].fields)
    several = sum(len(row.fields) > 1 for row in rows)
    return (
        0.5 * several / len(rows)
        if len(rows) < 10 and (names or several > len(rows) / 2) and width > 2
        else 0.0
    )
