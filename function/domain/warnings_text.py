"""The reasons to doubt a count, in words for people. Pure.

A doubt is an entry of `csv.warnings`: one kind of finding, however often it was found. The same number is in
the subject of the message, in the column `warning_count`, and is what `maxDoubts` bounds.
"""

from function.domain.errors import ErrorCode
from function.domain.model import Document

NAMED = 3
"""How many are told of in a message; the result has all of them."""


def number(result: Document) -> str:
    """`1 doubt`, `2 doubts`, or nothing where there is none, or no content to doubt."""
    count = len(result["csv"]["warnings"]) if result["csv"] else 0
    return f"{count} doubt{'' if count == 1 else 's'}" if count else ""


def lines(result: Document) -> list[str]:
    """The first doubts, each with its line, and how many more there are; none if the error has them."""
    if not result["csv"] or (result["error"] and result["error"]["code"] == ErrorCode.DOUBTFUL):
        return []
    warnings = result["csv"]["warnings"]
    more = len(warnings) - NAMED
    rest = [f"and {more} more, in csv.warnings of the result"] if more > 0 else []
    return [_line(each) for each in warnings[:NAMED]] + rest


def _line(warning: Document) -> str:
    place = f"line {warning['line']}" if warning["line"] else ""
    times = f"{warning['count']:,} times" if warning["count"] > 1 else ""
    return ": ".join(filter(None, (", ".join(filter(None, (place, times))), warning["message"])))
