"""How lines end: in most files all in one way."""

import re

LINE_END = re.compile(r"\r\n|\n|\r")
LINE_END_BYTES = re.compile(LINE_END.pattern.encode())


def line_ends(text: str, start: int, end: int) -> int:
    """How many line ends a part of a text has."""
    return text.count("\n", start, end) + text.count("\r", start, end) - text.count("\r\n", start, end)


def line_end_before(text: str, at: int) -> str:
    """The line end in front of a place; nothing if there is none."""
    end = text[max(0, at - 2) : at]
    return next((mark for mark in ("\r\n", "\n", "\r") if end.endswith(mark)), "")


def has_other_line_ends(text: str, usual: str) -> bool:
    """Whether a line of a text ends otherwise."""
    if usual == "\r\n":
        return line_ends(text, 0, len(text)) != text.count(usual)
    return ("\r" if usual == "\n" else "\n") in text


def usual_line_end(sample: str) -> str | None:
    """The most frequent of the three."""
    crlf = sample.count("\r\n")
    counts = {"\n": sample.count("\n") - crlf, "\r\n": crlf, "\r": sample.count("\r") - crlf}
    best = max(counts, key=lambda end: counts[end])
    return best if counts[best] else None
