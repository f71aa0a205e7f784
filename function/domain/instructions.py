"""How a file is to be read: options, and what the uploader says in metadata or tags: `csv-delimiter`, … Pure.

An instruction overrides every guess. One that is not allowed fails the file: to guess in its place would
count something other than what was asked for.
"""

import codecs
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from function.domain.errors import ErrorCode, FileError

PREFIX = "csv-"
_SERIES_CHARACTERS = 200
_NAMED = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "\\t": "\t",
    "pipe": "|",
    "space": " ",
    "colon": ":",
    "double": '"',
    "single": "'",
}


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator or the uploader says about a file; it overrides every guess.

    Attributes:
        delimiter, quote, encoding: as in `Dialect`, no quote being ""; None lets the scan find out.
        header: whether the first record names the columns; None lets the scan find out.
        max_rejected: how many records may be rejected or damaged before the file fails; None: any number.
        max_ragged: how many records may be ragged before the file fails; None: any number.
        max_doubts: how many warnings there may be before the file fails; None: any number.
        series: the series it belongs to; None: its key tells.
        remarks_fail: whether the file fails if it is unlike the earlier ones of its series.
    """

    delimiter: str | None = None
    quote: str | None = None
    encoding: str | None = None
    header: bool | None = None
    max_rejected: int | None = 0
    max_ragged: int | None = 0
    max_doubts: int | None = None
    series: str | None = None
    remarks_fail: bool = False


def follow(words: Mapping[str, str], options: Options) -> Options:
    """The options as the uploader's words change them; words that do not begin with `csv-` are not for us.

    Raises:
        FileError: `bad_instruction`, naming the instruction, its value and what is allowed.
    """
    said = {name.lower(): value.strip() for name, value in words.items()}
    changes: dict[str, Any] = {}
    for name, value in said.items():
        if name.startswith(PREFIX):
            if name not in _WORDS:
                raise _refused(name, value, f"the words are {', '.join(_WORDS)}")
            field, read, allowed = _WORDS[name]
            try:
                changes[field] = read(value)
            except (LookupError, ValueError):
                raise _refused(name, value, f"allowed: {allowed}") from None
    changed = replace(options, **changes)
    if changed.quote and changed.quote in (changed.delimiter or ""):
        raise _refused("csv-quote", changed.quote, "it is part of the delimiter")
    return changed


def _refused(name: str, value: str, why: str) -> FileError:
    said, meant = f"{name}={value!r}", f"on the object is not understood; {why}"
    unquoted = f"{name if name in _WORDS else 'A word'} {meant}"
    return FileError(ErrorCode.BAD_INSTRUCTION, f"{said} {meant}", unquoted=unquoted)


def _sign(value: str) -> str:
    """A sign, or several, as they are or by name; none that ends a line or a text."""
    if not value or set(value) & {"\r", "\n", "\0"}:
        raise ValueError
    return _NAMED.get(value.lower(), value)


def _separator(value: str) -> str:
    separator = _sign(value)
    if '"' in separator:
        raise ValueError
    return separator


def _quote(value: str) -> str:
    quote = "" if value.lower() == "none" else _sign(value)
    if len(quote) > 1 or quote == "\\" or quote.isalnum() or quote.isspace():
        raise ValueError
    return quote


def _encoding(value: str) -> str:
    return codecs.lookup(value).name


def _flag(value: str) -> bool:
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[value.lower()]


def _series(value: str) -> str:
    if not 1 <= len(value) <= _SERIES_CHARACTERS:
        raise ValueError
    return value


def _fails(value: str) -> bool:
    return {"warn": False, "fail": True}[value.lower()]


def _count(value: str) -> int:
    if not value.isdecimal():
        raise ValueError
    return int(value)


_WORDS: dict[str, tuple[str, Callable[[str], Any], str]] = {
    "csv-delimiter": (
        "delimiter",
        _separator,
        "itself (no quote, no line end), or comma, semicolon, tab, pipe, space, colon",
    ),
    "csv-quote": (
        "quote",
        _quote,
        "one sign (no letter, digit, blank or backslash), or double, single, none",
    ),
    "csv-encoding": ("encoding", _encoding, "a name Python knows, as utf-8 or cp1252"),
    "csv-header": ("header", _flag, "true or false"),
    "csv-max-rejected-rows": ("max_rejected", _count, "a whole number"),
    "csv-max-ragged-rows": ("max_ragged", _count, "a whole number"),
    "csv-max-doubts": ("max_doubts", _count, "a whole number"),
    "csv-series": ("series", _series, f"a name of 1 to {_SERIES_CHARACTERS} characters"),
    "csv-series-remarks": ("remarks_fail", _fails, "warn or fail"),
}
