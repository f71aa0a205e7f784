"""How numbers are written: plain, with separated thousands, with a decimal point or a decimal comma.

    INTEGER -> DECIMAL -> FLOAT                    1234   1234.56   1e3
            -> 1,234   -> 1,234.56                 thousands separated by comma, point, blank or apostrophe
            -> 1234,56 -> 1.234,56                 a decimal comma, then also with thousands

A group of thousands has three digits, and the first group no leading zero. A sign `+` stands before plain
numbers only: before groups it is that of a telephone number.
"""

from decimal import Decimal, InvalidOperation
from math import isinf
from typing import TYPE_CHECKING

from function.domain.content import ColumnType
from function.scan.profile.kinds.kind import Kind

if TYPE_CHECKING:
    import polars as pl

POINT, COMMA = "decimal point", "decimal comma"  # conventions

_DIGITS = r"(?:0|[1-9][0-9]*)"
WIDEST = 38  # digits of a whole number: what fits 128 bits
_INTEGER = rf"(?:0|[1-9][0-9]{{0,{WIDEST - 1}}})"
_PLAIN = rf"(?:{_DIGITS}(?:\.[0-9]*)?|\.[0-9]+)"
_COMMA = rf"(?:{_INTEGER}(?:,[0-9]+)?|,[0-9]+)"
_MARKS = {",": ",", ".": "[.]", " ": "[ \u00a0\u2009\u202f]", "'": "['\u2019]"}  # of thousands


def _whole_number(text: "pl.Expr") -> "pl.Expr":
    import polars as pl  # noqa: PLC0415

    return text.cast(pl.Int128, strict=False)


def _exact(text: str) -> Decimal:
    """As a decimal; as a double, so 0 or infinite, where the exponent is beyond that of `Decimal`."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(float(text))


def _double(text: "pl.Expr") -> "pl.Expr":
    import polars as pl  # noqa: PLC0415

    return text.cast(pl.Float64, strict=False)


def _overflows(text: str, number: Decimal) -> bool:
    """Whether only infinity could stand for the finite number in the text among the doubles."""
    return isinf(float(number)) and any(map(str.isdigit, text))


def _number(type_: ColumnType, pattern: str, thousands: str, point: str, form: str, *wider: Kind) -> Kind:
    """Numbers that are plain once the marks of thousands are gone and the decimal mark is a point."""
    conventions = {".": POINT, ",": COMMA, "": None}

    def order(text: str) -> Decimal:
        for mark in _MARKS[thousands].strip("[]") if thousands else "":
            text = text.replace(mark, "")
        return Decimal(text.replace(",", "."))

    def key(text: "pl.Expr") -> "pl.Expr":
        plain = text.str.replace_all(_MARKS[thousands], "") if thousands else text
        return _double(plain.str.replace(",", ".", literal=True) if point == "," else plain)

    def overflows(text: str) -> bool:
        return _overflows(text, order(text))

    return Kind(type_, pattern, order, key, form, conventions[point], wider, overflows=overflows)


def _grouped(mark: str) -> str:
    return rf"[1-9][0-9]{{0,2}}(?:{_MARKS[mark]}[0-9]{{3}})+"


def _with_thousands(mark: str, point: str) -> Kind:
    """Decimals that may have their thousands separated, e.g. 1.234,56."""
    plain = _PLAIN if point == "." else _COMMA
    pattern = rf"[+-]?{plain}|-?{_grouped(mark)}(?:[{point}][0-9]+)?"
    return _number(ColumnType.DECIMAL, pattern, mark, point, f"1{mark}234{point}56")


def _whole(mark: str, point: str, *wider: Kind) -> Kind:
    """Whole numbers that may have their thousands separated, e.g. 1,234."""
    pattern = rf"[+-]?{_INTEGER}|-?{_grouped(mark)}"
    return _number(ColumnType.INTEGER, pattern, mark, point, f"1{mark}234", *wider)


_POINTS = {mark: _with_thousands(mark, ".") for mark in ", '"}
_COMMAS = {mark: _with_thousands(mark, ",") for mark in ". '"}

FLOAT = Kind(
    ColumnType.FLOAT,
    rf"[+-]?{_PLAIN}(?:[eE][+-]?[0-9]+)?|[+-]?(?:inf|Inf|INF|infinity|Infinity)|nan|NaN|NAN",
    _exact,
    _double,
    overflows=lambda text: _overflows(text, _exact(text)),
)
DECIMAL = Kind(
    ColumnType.DECIMAL,
    rf"[+-]?{_PLAIN}",
    Decimal,
    _double,
    convention=POINT,
    overflows=lambda text: _overflows(text, _exact(text)),
    wider=(FLOAT, *_POINTS.values()),
)
_DECIMAL_COMMA = _number(ColumnType.DECIMAL, rf"[+-]?{_COMMA}", "", ",", "1234,56", *_COMMAS.values())
INTEGER = Kind(
    ColumnType.INTEGER,
    rf"[+-]?{_INTEGER}",
    int,
    _whole_number,
    # polars takes a sign and digits for a whole number: what begins with 1 to 9 has no leading zero
    unclear=lambda text: (text < "1") | (text.str.len_bytes() > WIDEST),
    wider=(
        DECIMAL,
        _whole(",", ".", _POINTS[","]),
        _whole(".", ",", _COMMAS["."]),
        _whole(" ", "", _POINTS[" "], _COMMAS[" "]),
        _whole("'", "", _POINTS["'"], _COMMAS["'"]),
        _DECIMAL_COMMA,
    ),
)

# What only looks like separated thousands where every value of a column is of this form
_OCTET = "(?:1[0-9]{2}|2[0-4][0-9]|25[0-5])"
ADDRESS = Kind(ColumnType.STRING, rf"{_OCTET}(?:[.]{_OCTET}){{3}}", format="IPv4")  # in twelve digits
_GROUPS = r"[0-9]{3}(?:[. \u00a0][0-9]{3}){2}"
IDENTIFIER = Kind(ColumnType.STRING, _GROUPS, format="123 456 789")  # e.g. of a telephone
