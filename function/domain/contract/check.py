"""A contract beside the profile of a file. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence

from function.domain.content import Column, Profile, Scan
from function.domain.contract.breaches import Breach, BreachCode, quoted
from function.domain.contract.column import column_breaches
from function.domain.contract.field import Field
from function.domain.contract.schema import Contract, FieldsMatch

_ALL_OF = (FieldsMatch.EXACT, FieldsMatch.EQUAL, FieldsMatch.SUBSET)  # the fields must be there
_NONE_BUT = (FieldsMatch.EXACT, FieldsMatch.EQUAL, FieldsMatch.SUPERSET)  # no other columns may be


def check(contract: Contract, scan: Scan) -> tuple[Breach, ...]:
    """Every breach: of the rows, of the header, of the columns, in the order of the fields."""
    profile = scan.profile
    if profile is None:
        return ()
    breaches = [*_rows(contract, profile), *_header(contract, profile)]
    for place, column, field in _pairs(contract, profile):
        outside = scan.values.outside(place, field.enum) if scan.values and field.enum is not None else 0
        breaches += column_breaches(field, column, outside)
    return tuple(breaches)


def _rows(contract: Contract, profile: Profile) -> Iterator[Breach]:
    least, most = contract.least_rows, contract.most_rows
    if least is not None and profile.rows < least:
        yield Breach(BreachCode.ROWS, f"{profile.rows:,} rows, and at least {least:,} are required")
    if most is not None and profile.rows > most:
        yield Breach(BreachCode.ROWS, f"{profile.rows:,} rows, and at most {most:,} are allowed")


def _header(contract: Contract, profile: Profile) -> Iterator[Breach]:
    fields, names = [field.name for field in contract.fields], [column.name for column in profile.columns]
    if not contract.header:
        yield from _width(len(fields), len(names))
    elif not profile.dialect.header:
        yield Breach(BreachCode.HEADER_MISSING, "the file has no header")
    else:
        missing, unexpected = list(_less(fields, names)), list(_less(names, fields))
        if contract.match in _ALL_OF or (
            contract.match is FieldsMatch.PARTIAL and len(missing) == len(fields)
        ):
            for name in missing:
                yield Breach(BreachCode.FIELD_MISSING, f"the field {quoted(name)} is missing", name)
        if contract.match in _NONE_BUT:
            for name in unexpected:
                yield Breach(
                    BreachCode.FIELD_UNEXPECTED, f"the column {quoted(name)} is not in the contract", name
                )
        if contract.match is FieldsMatch.EXACT and not (missing or unexpected):
            yield from _order(fields, names)


def _width(fields: int, columns: int) -> Iterator[Breach]:
    if fields != columns:
        code = BreachCode.FIELD_MISSING if columns < fields else BreachCode.FIELD_UNEXPECTED
        yield Breach(code, f"{columns:,} columns, where the contract has {fields:,} fields")


def _order(fields: Sequence[str], names: Sequence[str]) -> Iterator[Breach]:
    for field, name in zip(fields, names, strict=True):
        if field != name:
            message = f"the columns are in another order: {quoted(name)} stands where {quoted(field)} must"
            yield Breach(BreachCode.FIELD_ORDER, message, field)
            return


def _less(names: Sequence[str], others: Sequence[str]) -> Iterator[str]:
    """The names that the others have not, or not as often."""
    left = Counter(others)
    for name in names:
        if not left[name]:
            yield name
        left[name] = max(0, left[name] - 1)


def _pairs(contract: Contract, profile: Profile) -> Iterator[tuple[int, Column, Field]]:
    """The fields with their columns: by place without a header, else by name; of columns alike the first."""
    if not contract.header:
        for place, (column, field) in enumerate(zip(profile.columns, contract.fields, strict=False)):
            yield place, column, field
    elif profile.dialect.header:
        places = {column.name: place for place, column in reversed(list(enumerate(profile.columns)))}
        for field in contract.fields:
            if field.name in places:
                yield places[field.name], profile.columns[places[field.name]], field
