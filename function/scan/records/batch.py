"""The one form in which records reach the profile."""

from dataclasses import dataclass

from function.scan.records.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Batch:
    """Whole records in canonical form: RFC 4180 with line feeds, no blank lines, every record of one width.

    Attributes:
        data: the records in UTF-8.
        records: how many they are, by structure.
        delimiter, quote: one character each; the quote may be missing.
        ledger: what became of the lines that the batch was made of.
    """

    data: bytes
    records: int
    delimiter: str
    quote: str | None
    ledger: Ledger
