"""The dialect, guessed on a bounded prefix; the whole stream verifies it."""

import csv

from function.model import Dialect, Options

DELIMITERS = ",;\t|"


def sniff(prefix: bytes, compression: str | None, options: Options) -> Dialect:
    """Choose the delimiter that splits the first records most evenly into most fields.

    Args:
        prefix: the start of the text, UTF-8.
        compression: as the container was recognised.
        options: explicit words, which win.
    """
    text = prefix[: 1 << 16].decode(errors="ignore")
    return Dialect(
        delimiter=options.delimiter or max(DELIMITERS, key=lambda delimiter: _evenness(text, delimiter)),
        quote=options.quote or '"',
        compression=compression,
        line_ending=_line_ending(text),
        header=options.header is not False,
    )


def _evenness(text: str, delimiter: str) -> tuple[int, int]:
    """(rank, fields of the first record): how much like a table the text is under this delimiter."""
    lines = text.splitlines(keepends=True)[:100]
    widths = [len(record) for record in csv.reader(lines, delimiter=delimiter) if record]
    if not widths or widths[0] == 1:
        return 0, 0
    return sum(width == widths[0] for width in widths), widths[0]


def _line_ending(text: str) -> str | None:
    first = min((text.find(mark) for mark in "\r\n" if mark in text), default=-1)
    if first < 0:
        return None
    return "\r\n" if text.startswith("\r\n", first) else text[first]
