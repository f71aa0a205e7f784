"""What the patterns of a dialect are put together from, as text of regular expressions."""

import re


class Expressions:
    """The parts of a record under a delimiter, a quote (or none) and an escape (or none).

    Attributes:
        delimiter: itself.
        quote: itself; matches nothing where there is none.
        special: characters for a class: those that mean something within quotes.
        blanks: characters that may stand around a quoted field, as a class; empty if there are none.
        blank: any number of those.
        opening: what opens a quoted field.
        ends: where a field can end, without what stands there.
        quoted_text: between quotes, which are doubled inside.
        broken_text: between quotes, which need not be doubled unless the field could end there.
        bare_text: without quotes.
    """

    def __init__(self, delimiter: str, quote: str | None, escape: str | None) -> None:
        self.delimiter = re.escape(delimiter)
        self.quote = re.escape(quote) if quote else r"(?!)"  # without quotes nothing opens
        self.special = re.escape((quote or "\0") + (escape or ""))
        blanks = "".join(blank for blank in " \t" if blank not in delimiter)
        self.blanks = f"[{blanks}]" if blanks else ""
        self.blank = f"{self.blanks}*+" if blanks else ""
        self.opening = f"{self.blank}{self.quote}"
        self.ends = rf"{self.blank}(?={self.delimiter}|[\r\n]|\Z)"
        self._escaped = rf"{re.escape(escape)}(?:\r\n|.|\Z)" if escape else "(?!)"
        within, q = rf"[^{self.special}]", self.quote
        self.quoted_text = self._unrolled(within, f"{q}{q}")
        self.broken_text = self._unrolled(within, rf"{q}{q}|{q}(?!{self.ends})")
        first = re.escape(delimiter[0])
        only = rf"(?!{self.delimiter}){first}" if len(delimiter) > 1 else "(?!)"
        self.bare_text = self._unrolled(rf"[^{first}\r\n{re.escape(escape or '')}]", only)

    def field(self, text: str, group: str = "(") -> str:
        """A field: `text` in quotes, or without; `group` opens what is around each of the two."""
        closing = rf"{self.quote}{self.ends}"
        return rf"(?:{self.opening}{group}{text}){closing}|(?!{self.opening}){group}{self.bare_text}))"

    def _unrolled(self, usual: str, unusual: str) -> str:
        """Any number of the usual and unusual, in as few steps as there are unusual ones."""
        return rf"{usual}*+(?:(?:{unusual}|{self._escaped}){usual}*+)*+"
