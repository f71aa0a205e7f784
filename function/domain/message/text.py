"""Text as a mail can carry it, and numbers and times as people read them."""

import re

# What no mail and no XML carries; and what makes a line read otherwise than it is written: line and paragraph
# separators, and the controls of writing direction ("Unicode Bidirectional Algorithm", UAX #9).
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


def plain(text: str) -> str:
    """One line, in which each control character is a question mark."""
    return _CONTROLS.sub("?", text)


def short(text: str, limit: int) -> str:
    """At most `limit` characters, the last an ellipsis where some are left out."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def count(number: int, noun: str) -> str:
    """`1 row`, `1,234 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def moment(rfc3339: str) -> str:
    """`2025-09-02T14:30:00.123Z` as `2025-09-02 14:30:00 UTC`."""
    return f"{rfc3339[:10]} {rfc3339[11:19]} UTC"


def ascii_line(text: str, limit: int) -> str:
    """`text` in printable ASCII, the middle cut out of what is longer than `limit`: a suffix says a lot."""
    printable = "".join(each if " " <= each <= "~" else "?" for each in text)
    if len(printable) <= limit:
        return printable
    half = (limit - 3) // 2
    return f"{printable[: limit - 3 - half]}...{printable[-half:]}"
