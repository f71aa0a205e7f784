"""Key -> the series it belongs to: keys that differ only in digits, dates or UUIDs share one. Pure."""

import re

_HEX = "[0-9a-fA-F]"
_UUID = re.compile(
    rf"(?<!{_HEX})(?:{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}|{_HEX}{{32}})(?!{_HEX})"
)
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
# the name of a month is part of a date where a number stands beside it, as in 02Sep2025 and May_2025
_MONTH = re.compile(
    rf"(?<=[0-9])([-_. ]?)(?:{_MONTHS})(?![a-z])|(?<![a-z])(?:{_MONTHS})(?=[-_. ]?[0-9])", re.IGNORECASE
)
_DIGITS = re.compile("[0-9]+")
ANY = "#"
"""Stands for what differs from file to file."""


def series_name(key: str) -> str:
    """`sales/2025-09-02_eu.csv` is of the series `sales/#-#-#_eu.csv`.

    UUIDs (with hyphens, or of 32 hexadecimal digits), English names of months beside a number, and runs of
    digits are each replaced by `#`.

    Args:
        key: the object's key, made `storable`.
    """
    return _DIGITS.sub(ANY, _MONTH.sub(r"\g<1>0", _UUID.sub("0", key)))
