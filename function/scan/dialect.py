"""The dialect: of all pairs of delimiter and quote, the one that makes most of a table of the text.

A reading of the sample is the more likely a table the more of its records have the same width, the more of
their cells look like values (numbers, dates, words, not leftovers of another delimiter), and the fewer
quotes are broken. The idea of weighing both follows van den Burg, Nazábal and Sutton, "Wrangling messy CSV
files by detecting row and type patterns", Data Mining and Knowledge Discovery 33 (2019); the measure here
is simpler.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from function.content import Options
from function.scan.grammar import LINE_END, Grammar
from function.scan.tokens import Row, Tokenizer
from function.scan.values import look

SAMPLE_RECORDS = 300
SAMPLE = 1 << 16  # characters

PRIOR = {",": 1.0, ";": 1.0, "\t": 1.0, "|": 0.98, ":": 0.5, " ": 0.5}
OTHER_PRIOR = 0.45  # of a delimiter nobody expects
MULTIPLE_PRIOR = 0.7  # of several characters
ALONE = 0.5  # of a text without any delimiter
UNNAMED = 0.5  # of a delimiter that the first record does not have

_SEPARATOR_LINE = re.compile(r'"?sep=([^\r\n"])"?[\r\n]', re.IGNORECASE)
_UNUSUAL = re.compile(r"[^\w\s\"'.,;|:()\[\]{}<>-]|\x1f|\x1e|\x01")
_MULTIPLE = re.compile(r"([^\w\s\"'.()-])\1+|[^\w\s\"'.,()\[\]{}-]{2,3}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading of the sample.

    Attributes:
        grammar: what it was read with.
        width: fields of most of its records.
        score: how likely a table, 0 to 1.
    """

    grammar: Grammar
    width: int
    score: float


def candidates(sample: str, delimiter: str | None, quote: str | None) -> Iterator[Grammar]:
    """Every dialect worth a try; explicit words leave no choice, and an empty quote means none."""
    quotes: list[str | None] = [mark for mark in "\"'" if mark in sample] or ['"']
    if quotes == ["'"]:
        quotes = ['"', "'"]
    if quote is not None:
        quotes = [quote or None]
    for mark in [mark for mark in quotes if mark != delimiter] or [None]:
        escapes = [None, "\\"] if mark and f"\\{mark}" in sample else [None]
        for escape in escapes:
            for separator in [delimiter] if delimiter else _delimiters(sample):
                if separator != mark:
                    yield Grammar(separator, mark, escape)


def _delimiters(sample: str) -> list[str]:
    lines = [line for line in islice(LINE_END.split(sample), 100) if line.strip()]
    usual = [mark for mark in PRIOR if mark in sample]
    spare = [mark for mark in (*PRIOR, "\x1f") if mark not in sample][:1]
    often = Counter(mark for line in lines for mark in {*_UNUSUAL.findall(line)})
    runs = Counter(
        found.group() for line in lines for found in {m.group(): m for m in _MULTIPLE.finditer(line)}.values()
    )
    enough = max(1, len(lines) // 2)
    return [
        *usual,
        *spare,  # one column
        *(mark for mark, count in often.most_common(5) if count >= enough and mark not in PRIOR),
        *(run for run, count in runs.most_common(3) if count >= enough),
    ]


def measure(sample: str, grammar: Grammar) -> Candidate:
    """Read the sample and judge the table that comes of it."""
    rows = [
        row
        for row in islice(Tokenizer(grammar).rows(sample), SAMPLE_RECORDS)
        if any(f.strip() for f in row.fields)
    ]
    if not rows:
        return Candidate(grammar, 1, 0.0)
    widths = Counter(len(row.fields) for row in rows)
    width = _width(rows, widths)
    regular = [row for row in rows if len(row.fields) == width]
    even = len(regular) / len(rows)
    clean = sum(_clean(row) for row in regular) / len(regular)
    whole = 1 - sum(row.damage is not None for row in rows) / len(rows)
    if width == 1:
        return Candidate(grammar, 1, even**2 * clean**2 * whole * ALONE)
    if _every_other_empty(regular):
        return Candidate(grammar, width, 0.0)
    prior = PRIOR.get(grammar.delimiter, MULTIPLE_PRIOR if len(grammar.delimiter) > 1 else OTHER_PRIOR)
    named = 1.0 if len(rows[0].fields) > 1 else UNNAMED
    return Candidate(
        grammar, width, even**2 * clean**2 * (0.3 + 0.7 * whole) * prior * named * (1 - 0.5 / width)
    )


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


def _every_other_empty(rows: list[Row]) -> bool:
    """Whether the delimiter is but one half of a doubled one."""
    return len(rows[0].fields) > 2 and not any("".join(row.fields[1::2]) for row in rows)


def _clean(row: Row) -> float:
    if len(row.fields) == 1 and row.lines == 1 and re.search(r"\s", row.fields[0].strip()):
        return min(0.6, look(row.fields[0]).clean)  # several words: perhaps several values
    return sum(look(field).clean for field in row.fields) / len(row.fields)


def sniff(sample: str, options: Options) -> Candidate:
    """The likeliest dialect of a sample that starts and ends with a record."""
    separator = _SEPARATOR_LINE.match(sample)
    delimiter = options.delimiter or (separator.group(1) if separator else None)
    found = [measure(sample, grammar) for grammar in candidates(sample, delimiter, options.quote)]
    return max(found, key=lambda candidate: candidate.score)
