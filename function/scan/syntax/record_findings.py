"""What is remarkable about a record by itself."""

from function.domain.findings import Finding
from function.scan.syntax.tokens import Damage, Row

DAMAGE = {
    Damage.STRAY_QUOTE: Finding.STRAY_QUOTE,
    Damage.UNCLOSED_QUOTE: Finding.UNCLOSED_QUOTE,
}


def remarks(row: Row, width: int, quote: str | None) -> list[Finding]:
    """The findings of a record; of one that is no text, that alone."""
    found = []
    if len(row.fields) != width:
        text = "".join(row.fields)
        if is_binary(text):
            return [Finding.BINARY]
        if quote and text.count(quote) % 2:
            found.append(Finding.ODD_QUOTE)
        found.append(Finding.SHORT_RECORD if len(row.fields) < width else Finding.LONG_RECORD)
    if row.damage:
        found.append(DAMAGE[row.damage])
    if row.swallowed:
        found.append(Finding.SWALLOWED_LINES)
    if row.padded:
        found.append(Finding.PADDED_QUOTE)
    return found


def is_binary(text: str) -> bool:
    """Whether a record is mostly control characters."""
    start = text[:200]
    if start.isprintable():
        return False
    return 3 * sum(character < " " and character not in "\t\r\n" for character in start) > len(start) > 0
