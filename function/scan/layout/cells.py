"""What a cell looks like to the eye, for guesses on a sample. What a column *is* is told by `kinds`."""

import re
from enum import Enum
from functools import lru_cache


class CellShape(Enum):
    """The looks of a cell, each with how much it speaks for being one whole value, 0 to 1."""

    EMPTY = 0.7
    NUMBER = 1.0
    STAMP = 1.01
    ADDRESS = 1.02
    WORDS = 0.9
    OTHER = 0.25

    @property
    def clean(self) -> float:
        """How much it looks like one value."""
        return min(self.value, 1.0)


TYPED = frozenset({CellShape.NUMBER, CellShape.STAMP})


_NUMBER = re.compile(
    r"[+-]?[$€£]? ?[+-]?(\d{1,3}([,.' ]\d{3})+|\d+)?([.,]\d*)?(?<=[\d.])([eE][+-]?\d+)? ?[%€$£]?"
)
_DAY = r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}"
_CLOCK = r"\d{1,2}:\d\d(:\d\d([.,]\d+)?)?( ?[AaPp][Mm])?( ?(Z|[+-]\d\d:?\d\d))?"
_STAMP = re.compile(rf"{_DAY}([T ]+{_CLOCK})?|{_CLOCK}")
_ADDRESS = re.compile(
    r"[a-zA-Z][a-zA-Z+]*://\S+|[\w.+-]+@[\w-]+(\.[\w-]+)+|www\.\S+"
    r"|(?:/[\w.~-]+){2,}/?|[A-Za-z]:\\[^\t,;|]*"  # and where a file is
)
_WORDS = re.compile(r"(?!.*::)[^\W_][^,;|\t\"{}<>=^~]*|_\w+")


MISSING = frozenset(
    [
        *("na", "n/a", "null", "none", "nan", "nil", "missing", "unknown", "undefined"),
        *("tbd", "inf", "-inf", "n.a.", "#n/a", "\\n", "error", "x"),
    ]
)  # in lower case
_NO_VALUE = frozenset([":", "-", "--", "---", "?", ".", "..", "...", "*", "…", "–", "—"]) | frozenset(
    ["#N/A", "#DIV/0!", "#REF!", "#NAME?", "#VALUE!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!"]
)


@lru_cache(maxsize=1 << 14)
def shape_of(cell: str) -> CellShape:
    """The look of a cell."""
    text = cell.strip(" \t\0")
    if not text or text in _NO_VALUE:
        return CellShape.EMPTY
    if _NUMBER.fullmatch(text):
        return CellShape.NUMBER
    if _STAMP.fullmatch(text):
        return CellShape.STAMP
    if _ADDRESS.fullmatch(text):
        return CellShape.ADDRESS
    return CellShape.WORDS if _WORDS.fullmatch(text) else CellShape.OTHER
