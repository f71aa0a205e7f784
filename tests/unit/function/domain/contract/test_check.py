"""Contracts beside files that are really scanned."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from function.domain.contract.check import check
from function.domain.contract.schema import Contract
from function.domain.contract.suggest import suggest
from function.domain.csv_document import csv_document
from function.scan import Options, scan


def codes(content: str, options: Options = Options(), **schema: Any) -> list[str]:  # noqa: B008 it is frozen
    found = scan([content.encode()], options)
    assert found.error is None
    return [breach.code for breach in check(Contract.read(schema), found)]


def column(values: list[str], **words: Any) -> list[str]:
    """What a column `a` beside an id has against a field."""
    lines = "".join(f"{number};{value}\n" for number, value in enumerate(values))
    return codes(
        f"id;a\n{lines}", Options(delimiter=";", header=True), fields=[{"name": "id"}, {"name": "a", **words}]
    )


@pytest.mark.parametrize(
    ("match", "header", "found"),
    [
        ("exact", "a,b,c", []),
        ("exact", "a,c,b", ["field_order"]),
        ("exact", "a,b,x", ["field_missing", "field_unexpected"]),
        ("equal", "c,a,b", []),
        ("equal", "c,a,x", ["field_missing", "field_unexpected"]),
        ("subset", "c,x,a,b", []),
        ("subset", "c,x,a,y", ["field_missing"]),
        ("superset", "b,a,c", []),
        ("superset", "b,x,c", ["field_unexpected"]),
        ("partial", "x,y,c", []),
        ("partial", "x,y,z", ["field_missing"] * 3),
        ("exact", "a,B,c", ["field_missing", "field_unexpected"]),
        ("exact", "a,a,c", ["field_missing", "field_unexpected"]),
    ],
)
def test_columns_must_correspond_to_fields_as_the_standard_says(
    match: str, header: str, found: list[str]
) -> None:
    row = ",".join(str(n) for n in range(len(header.split(","))))
    fields = [{"name": name} for name in "abc"]
    assert codes(f"{header}\n{row}\n", Options(header=True), fields=fields, fieldsMatch=match) == found


def test_a_file_without_header_is_told_by_its_places_where_the_contract_says_so() -> None:
    fields = [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]
    bare = Options(header=False, delimiter=",")
    assert codes("1,x\n2,y\n", bare, fields=fields) == ["header_missing"]
    assert codes("1,x\n2,y\n", bare, fields=fields, header=False) == []
    assert codes("z,x\n2,y\n", bare, fields=fields, header=False) == ["type"]
    assert codes("1,x,y\n", bare, fields=fields, header=False) == ["field_unexpected"]


@pytest.mark.parametrize(("rows", "found"), [(0, ["rows"]), (1, []), (3, []), (4, ["rows"])])
def test_the_number_of_rows_has_bounds(rows: int, found: list[str]) -> None:
    bounds = {"minimum": 1, "maximum": 3}
    content = "a,b\n" + "1,2\n" * rows
    assert codes(content, Options(header=True), fields=[{"name": "a"}, {"name": "b"}], rows=bounds) == found


@pytest.mark.parametrize(
    ("values", "words", "found"),
    [
        (["1", "2"], {"type": "integer"}, []),
        (["1", "2.5"], {"type": "integer"}, ["type"]),
        (["1", "2.5", "1e3"], {"type": "number"}, []),
        (["1", "x"], {"type": "number"}, ["type"]),
        (["1,5", "2,5"], {"type": "number"}, ["format"]),
        (["1,5", "2,5"], {"type": "number", "decimalChar": ","}, []),
        (["1.5", "2.5"], {"type": "number", "decimalChar": ","}, ["format"]),
        (["1.234,5", "2,25"], {"type": "number", "decimalChar": ",", "groupChar": "."}, []),
        (["1.234,5", "2,25"], {"type": "number", "decimalChar": ","}, ["format"]),
        (["true", "false"], {"type": "boolean"}, []),
        (["1", "0"], {"type": "boolean"}, []),
        (["1", "2"], {"type": "boolean"}, ["type"]),
        (["2025-01-02"], {"type": "date"}, []),
        (["02.01.2025"], {"type": "date"}, ["format"]),
        (["2.1.2025"], {"type": "date", "format": "%d.%m.%Y"}, []),
        (["2.1.2025"], {"type": "date", "format": "any"}, []),
        (["03/04/2025"], {"type": "date", "format": "%m/%d/%Y"}, []),
        (["13/04/2025"], {"type": "date", "format": "%m/%d/%Y"}, ["format"]),
        (["2025-01-02T10:00:00Z", "2025-01-02T10:00:00.5Z"], {"type": "datetime"}, []),
        (["02/01/2025 10:00"], {"type": "datetime"}, ["format"]),
        (["02/01/2025 10:00"], {"type": "datetime", "format": "%d/%m/%Y %H:%M"}, []),
        (["10:00:00"], {"type": "time"}, []),
        (["10:00"], {"type": "time"}, ["format"]),
        (["2025", "1999"], {"type": "year"}, []),
        (["2025", "12345"], {"type": "year"}, ["type"]),
        (["x", ""], {"type": "string"}, []),
        (["", ""], {"type": "date"}, []),
        (["", "x"], {"constraints": {"required": True}}, ["required"]),
        (["5", "7"], {"type": "integer", "constraints": {"minimum": 5, "maximum": 7}}, []),
        (["4", "8"], {"type": "integer", "constraints": {"minimum": 5, "maximum": 7}}, ["minimum", "maximum"]),
        (["5", "7"], {"type": "integer", "constraints": {"exclusiveMinimum": 5, "exclusiveMaximum": 7}}, ["minimum", "maximum"]),
        (["-1,5", "3,25"], {"type": "number", "decimalChar": ",", "constraints": {"minimum": 0}}, ["minimum"]),
        (["02.01.2025", "31.01.2025"], {"type": "date", "format": "%d.%m.%Y", "constraints": {"maximum": "2025-01-30"}}, ["maximum"]),
        (["02.01.2025"], {"type": "date", "format": "%d.%m.%Y", "constraints": {"minimum": "01.02.2025"}}, ["minimum"]),
        (["2025-01-02T10:00:00+02:00"], {"type": "datetime", "constraints": {"minimum": "2025-01-02T09:00:00Z"}}, ["minimum"]),
        (["2.1.2025 10:00"], {"type": "datetime", "format": "any", "constraints": {"maximum": "2025-01-01"}}, ["maximum"]),
        (["09:00:00"], {"type": "time", "constraints": {"minimum": "09:30:00"}}, ["minimum"]),
        (["a", "b", "a"], {"constraints": {"enum": ["a", "b", "c"]}}, []),
        (["a", "d"], {"constraints": {"enum": ["a", "b"]}}, ["enum"]),
        (["1", "2"], {"type": "integer", "constraints": {"enum": [1, 2]}}, []),
    ],
)  # fmt: skip
def test_a_column_is_held_against_its_field(
    values: list[str], words: dict[str, Any], found: list[str]
) -> None:
    assert column(values, **words) == found


def test_a_breach_is_of_bounded_length_however_long_a_name_is() -> None:
    found = scan([b"a," + b"n" * 100_000 + b"\n1,2\n"], Options(header=True))
    (breach,) = check(Contract.read({"fields": [{"name": "a"}]}), found)
    document = breach.document()
    assert len(document["message"]) < 200
    assert len(document["field"]) == 1000


def test_many_different_values_are_held_against_a_list_too() -> None:
    allowed = {"enum": [f"v{n}" for n in range(100)]}
    assert column([f"v{n % 100}" for n in range(5000)], constraints=allowed) == []
    assert column([f"v{n}" for n in range(5000)], constraints=allowed) == ["enum"]


VALUES = st.sampled_from(
    ["", "7", "-3", "1.5", "1,25", "1.234,5", "x y", "2025-01-02", "2.1.2025", "13/12/2024", "01/02/2025 10:00", "2025-01-02T10:00:00Z", "10:30", "true"]
)  # fmt: skip


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=8))
def test_every_file_keeps_the_contract_that_is_suggested_of_it(rows: list[tuple[str, str]]) -> None:
    content = "a;b\n" + "".join(f"{one};{other}\n" for one, other in rows)
    found = scan([content.encode()], Options(delimiter=";", header=True, max_rejected=None, max_ragged=None))
    if found.profile:
        assert check(Contract.read(suggest(csv_document(found.profile))), found) == ()
