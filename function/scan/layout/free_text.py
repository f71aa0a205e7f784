"""Whether lines that were read as one column are a column at all, and not prose, code or settings."""

import re
from collections.abc import Sequence

from function.scan.layout.cells import shape_of
from function.scan.layout.column_shapes import VALUES, is_one_value
from function.scan.layout.preamble import Placed

LINES = 300  # that are looked at
FEW = 3  # lines that are rather a message than a column
_CODE = re.compile(r"[={}\\<>;]|:\S|:$|^[!(@\[]|^\d+(?: [A-Z]|\.\d+\.)")
_SENTENCE = re.compile(r"\S+(?: \S+){2,}[.!]")


def is_free_text(rows: Sequence[Placed], *, named: bool) -> bool:
    """Whether the records of a table of one column read like free text.

    Args:
        rows: from the first record on.
        named: whether the first was taken for the name of the column.
    """
    lines = [placed.text.rstrip() for placed in rows[:LINES]]
    filled = [line for line in lines if line.strip()]
    if len(filled) < 1 or any(placed.row.lines > 1 for placed in rows[:LINES]):
        return False
    if (
        2 * sum(shape_of(line) in VALUES or is_one_value(line) for line in filled[named:])
        > len(filled) - named
    ):
        return False
    return (
        (named and _CODE.search(filled[0]) is not None)
        or _is_indented(filled)
        or _is_message(filled)
        or _has_paragraphs(lines)
    )


def _is_indented(lines: Sequence[str]) -> bool:
    """Whether some lines are set in, and others are not."""
    indented = sum(line[0] in " \t" for line in lines)
    return len(lines) > indented >= len(lines) / 10


def _is_message(lines: Sequence[str]) -> bool:
    return len(lines) <= FEW and any(map(_SENTENCE.fullmatch, lines))


def _has_paragraphs(lines: Sequence[str]) -> bool:
    """Whether blank lines stand between others, which a column may also have for missing values."""
    text = "\n".join(lines).strip()
    return "\n\n" in text
