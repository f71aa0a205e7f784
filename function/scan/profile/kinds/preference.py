"""What the text of a value can be, in the order in which one of several kinds is preferred.

A kind is told by the text alone, by a pattern over every value, so that a type never depends on what a
parser of numbers or dates happens to accept. `007`, `1e400` and `2024-02-30` are strings: the first would
lose its zeros, the second is beyond a double, the third is no day.
"""

from collections.abc import Iterator

from function.domain.content import ColumnType
from function.scan.profile.kinds.dates import DAYS
from function.scan.profile.kinds.datetimes import INSTANTS
from function.scan.profile.kinds.kind import Kind
from function.scan.profile.kinds.numbers import ADDRESS, IDENTIFIER, INTEGER

BOOLEAN = Kind(
    ColumnType.BOOLEAN,
    r"true|false|True|False|TRUE|FALSE",
    lambda text: text.lower() == "true",
    lambda text: text.str.len_bytes() == len("true"),
)

KINDS = (
    BOOLEAN,
    ADDRESS,
    IDENTIFIER,
    INTEGER,
    *DAYS,
    *INSTANTS,
)  # the narrowest: the others are wider than these


def _preferred(kinds: tuple[Kind, ...]) -> Iterator[Kind]:
    """Every kind, the narrow ones before the wider."""
    yield from kinds
    for kind in kinds:
        yield from _preferred(kind.wider)


RANK = {kind: rank for rank, kind in enumerate(dict.fromkeys(_preferred(KINDS)))}
