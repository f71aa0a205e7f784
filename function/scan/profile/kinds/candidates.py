"""The kinds that a few values of a column leave possible; blanks around a value are not part of it."""

import re
from collections.abc import Iterable, Sequence

from function.scan.profile.kinds.kind import Kind, narrowest

SAMPLE, FEW = 1000, 5  # records among which a few values rule out most kinds
BLANKS = " \t\u00a0"
MORE_THAN_TEXT = re.compile(
    r"[-+]?[,.]?[0-9]|[-+]?inf|nan|true|false", re.IGNORECASE
).match  # how kinds start


def possible(few: Sequence[str], kinds: Iterable[Kind]) -> list[Kind]:
    """The narrowest of the kinds, and of the wider ones, that a few values can be of."""
    values = [text for text in (text.strip(BLANKS) for text in few) if text]
    if values and not MORE_THAN_TEXT(values[0]):
        return []
    found, above = [], list(kinds)
    while above:
        tried = dict.fromkeys(above)
        fitting = [kind for kind in tried if all(map(kind.may_be, values))]
        found += fitting
        above = [wider for kind in tried if kind not in fitting for wider in kind.wider]
    return narrowest(found)
