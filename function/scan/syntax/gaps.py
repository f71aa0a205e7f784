"""What may stand between records: blank lines, and records of empty fields."""

import re

from function.scan.syntax.comments import NOTHING
from function.scan.syntax.grammar import Grammar

_END = r"(?:\r\n|\n|\r(?!\n|\Z))"  # of a line, where that is certain


def blank_lines(grammar: Grammar) -> re.Pattern[str]:
    """One or more blank lines; a mark of the grammar is no blank."""
    marks = "" if grammar.run else f"{grammar.delimiter}{grammar.quote or ''}{grammar.escape or ''}"
    blanks = "".join(re.escape(blank) for blank in NOTHING if blank not in marks)
    return re.compile(f"(?:[{blanks}]*+{_END})++" if blanks else f"{_END}++")


def empty_record(grammar: Grammar, width: int) -> re.Pattern[str]:
    """A record of so many empty fields."""
    return re.compile(f"(?:{re.escape(grammar.delimiter)}){{{width - 1}}}{_END}")
