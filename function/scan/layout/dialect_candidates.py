"""Which delimiters, quotes and escapes are worth a try on a sample."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from function.scan.syntax.grammar import Grammar
from function.scan.syntax.line_ends import LINE_END

USUAL = ",;\t|: "
CONTROL = "\x01\x02\x1c\x1d\x1e\x1f"  # which no text has but as marks

_SPARE = (*USUAL, "\x1f")
_UNUSUAL = re.compile(rf"[^\w\s\"'`.,;|:()\[\]{{}}<>-]|[{CONTROL}]")
_MULTIPLE = re.compile(r"([^\w\s\"'.()-])\1+|[^\w\s\"'.,()\[\]{}-]{2,3}")
_BETWEEN = re.compile(r"[^\w\s\"'.:]{1,3}|_|[^\W\d_a-zA-Z]")
_ESCAPED_END = re.compile(r"\\[\r\n]")
_ALIGNED = re.compile(r"\S {2,}\S")


def grammars(sample: str, delimiter: str | None, quote: str | None) -> Iterator[Grammar]:
    """Every dialect worth a try; explicit words leave no choice, and an empty quote means none."""
    for separator in [delimiter] if delimiter else _delimiters(sample):
        for mark in [quote or None] if quote is not None else _quotes(sample, separator):
            if mark == separator:
                continue
            for escape in [None, "\\"] if _escapes(sample, separator, mark) else [None]:
                yield Grammar(separator, mark, escape)
    if delimiter is None and not quote:
        yield from _aligned(sample)


def _delimiters(sample: str) -> list[str]:
    lines = [line for line in islice(LINE_END.split(sample), 100) if line.strip()]
    usual = [mark for mark in USUAL if mark in sample]
    spare = [mark for mark in _SPARE if mark not in sample][:1]
    often = Counter(mark for line in lines for mark in {*_UNUSUAL.findall(line)})
    runs = Counter(
        found.group() for line in lines for found in {m.group(): m for m in _MULTIPLE.finditer(line)}.values()
    )
    enough = max(1, len(lines) // 2)
    return [
        *usual,
        *spare,  # one column
        *(mark for mark in _parting_names(lines) if mark not in (*usual, *often, *runs)),
        *(mark for mark, count in often.most_common(5) if count >= enough and mark not in USUAL),
        *(run for run, count in runs.most_common(3) if count >= enough),
    ]


def _parting_names(lines: Sequence[str]) -> set[str]:
    """Marks that stand between words in the first line, and as often in each other one."""
    first = lines[0] if lines else ""
    marks = {mark for mark in {*_BETWEEN.findall(first)} if first.count(mark) > 1}
    return {
        mark
        for mark in marks
        if all(line.count(mark) == first.count(mark) for line in lines)
        and all(part[:1].isalpha() for part in first.split(mark))
    }


def _quotes(sample: str, delimiter: str) -> list[str | None]:
    """Double quotes, and single ones where they stand around whole fields."""
    around = re.compile(
        rf"(?:\A|[\r\n]|{re.escape(delimiter)}) *'[^']*(?:''[^']*)*' *(?:{re.escape(delimiter)}|[\r\n]|\Z)"
    )
    marks: list[str | None] = ['"'] if delimiter != '"' else [None]
    if "'" in sample and around.search(sample):
        marks.append("'")
    return marks


def _escapes(sample: str, delimiter: str, quote: str | None) -> bool:
    """Whether a backslash takes the meaning from a mark somewhere."""
    marks = (f"\\{quote}" if quote else "", f"\\{delimiter}" if delimiter != " " else "")
    return "\\" in sample and (
        any(mark and mark in sample for mark in marks) or _ESCAPED_END.search(sample) is not None
    )


def _aligned(sample: str) -> Iterator[Grammar]:
    """Columns that are set apart by as many blanks as it takes."""
    lines = [line for line in islice(LINE_END.split(sample), 100) if line.strip()]
    if '"' not in sample and 2 * sum(_ALIGNED.search(line) is not None for line in lines) > len(lines):
        yield Grammar(" ", None, run=2)
        yield Grammar(" ", None, run=1)
