"""A Table Schema as far as it can be checked on a profile; the rest is refused, by name. Pure.

Source: Table Schema of the Data Package standard, versions 1 and 2, https://datapackage.org/standard/table-schema/.
The library of the standard reads a file row by row; what is checked here is the profile of a file that has
been read, so nothing of that library would be used but its list of words (docs/adr/0041-contracts.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from function.domain.contract.field import Field
from function.domain.contract.words import ContractError, Words

MOST_FIELDS = 1000
_NOTES = {"$schema", "name", "title", "description", "homepage", "version", "created", "keywords", "image"}
_ROWS = {"minimum", "maximum"}


class FieldsMatch(StrEnum):
    """How the columns must correspond to the fields: `fieldsMatch` of the standard."""

    EXACT = "exact"  # these, in this order
    EQUAL = "equal"  # these, in any order
    SUBSET = "subset"  # these at least
    SUPERSET = "superset"  # these at most
    PARTIAL = "partial"  # one of these at least


@dataclass(frozen=True, slots=True)
class Contract:
    """What is expected.

    Attributes:
        fields: the columns.
        match: how columns and fields must correspond.
        header: whether the file has a header; without one, columns are told by their place.
        least_rows, most_rows: bounds of the number of data records; None for no bound.
    """

    fields: tuple[Field, ...]
    match: FieldsMatch = FieldsMatch.EXACT
    header: bool = True
    least_rows: int | None = None
    most_rows: int | None = None

    @classmethod
    def read(cls, document: Any) -> Self:
        """Read a Table Schema.

        Raises:
            ContractError: it is none, or asks for something that cannot be checked; names all of that.
        """
        words = Words("the schema", document)
        fields = words.take("fields", list, [])
        rows = Words("rows", words.take("rows", dict, {}), words.problems)
        contract = cls(
            tuple(Field.read(field, number, words.problems) for number, field in enumerate(fields, 1)),
            FieldsMatch(words.choice("fieldsMatch", FieldsMatch, FieldsMatch.EXACT)),
            words.take("header", bool, True),
            rows.take("minimum", int, None),
            rows.take("maximum", int, None),
        )
        if words.take("missingValues", list, [""]) != [""]:
            words.refuse('missingValues other than [""]: only empty fields are counted as missing')
        rows.finish(_ROWS)
        words.finish(_NOTES)
        _refuse_odd(contract, words)
        if words.problems:
            raise ContractError(words.problems)
        return contract


def _refuse_odd(contract: Contract, words: Words) -> None:
    """What each part allows, and the whole does not."""
    names = [field.name for field in contract.fields]
    if not 1 <= len(names) <= MOST_FIELDS:
        words.refuse(f"{len(names)} fields: there must be 1 to {MOST_FIELDS:,}")
    for name in sorted({name for name in names if names.count(name) > 1}):
        words.refuse(f"two fields named {name!r}: the columns are told by their names")
    if not contract.header and contract.match is not FieldsMatch.EXACT:
        words.refuse("header false goes with fieldsMatch exact alone: without names, the place tells")
    if (contract.least_rows or 0) > (contract.most_rows if contract.most_rows is not None else 1 << 63):
        words.refuse("rows: the minimum is above the maximum")


def described(document: Mapping[str, Any]) -> str:
    """A schema in a few words, for a list."""
    return f"{len(document.get('fields', []))} fields, {document.get('fieldsMatch', FieldsMatch.EXACT)}"
