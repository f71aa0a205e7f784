"""The one form in which records reach the profile."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce

from function.domain.errors import FileError
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

    @property
    def marks(self) -> tuple[str, str | None]:
        """Delimiter and quote."""
        return self.delimiter, self.quote


def joined(portions: Iterable[Batch], size: int, records: int) -> Iterator[Batch]:
    """Portions that follow each other as one batch, of so many bytes or records and hardly more.

    Raises:
        FileError: as `portions` does, behind a batch of what came before.
    """
    held: list[Batch] = []
    try:
        for portion in portions:
            if held and portion.marks != held[0].marks:
                yield _join(held)
                held.clear()
            held.append(portion)
            if sum(len(each.data) for each in held) >= size or sum(each.records for each in held) >= records:
                yield _join(held)
                held.clear()
    except FileError:
        if held:
            yield _join(held)
        raise
    if held:
        yield _join(held)


def _join(portions: list[Batch]) -> Batch:
    ledger = reduce(Ledger.merge, (portion.ledger for portion in portions))
    data = b"".join(portion.data for portion in portions)
    return replace(portions[0], data=data, records=ledger.records, ledger=ledger)
