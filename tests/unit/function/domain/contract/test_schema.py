from typing import Any

import pytest

from function.domain.contract.field import Field, FieldType
from function.domain.contract.schema import Contract, FieldsMatch
from function.domain.contract.words import ContractError


def field(**words: Any) -> dict[str, Any]:
    return {"fields": [{"name": "a", **words}]}


def problems(document: Any) -> str:
    with pytest.raises(ContractError) as caught:
        Contract.read(document)
    return "\n".join(caught.value.problems)


def test_a_schema_of_names_alone_is_a_contract() -> None:
    contract = Contract.read({"fields": [{"name": "a"}, {"name": "b", "type": "integer"}]})
    assert contract == Contract((Field("a"), Field("b", FieldType.INTEGER)))
    assert contract.match is FieldsMatch.EXACT


def test_what_only_explains_something_is_let_through() -> None:
    Contract.read(
        {"$schema": "x", "title": "t", **field(title="t", description="d", example="e", rdfType="r")}
    )


@pytest.mark.parametrize("given", ["subset", ["subset"]])
def test_fields_match_may_be_a_list_of_one(given: object) -> None:
    assert Contract.read({**field(), "fieldsMatch": given}).match is FieldsMatch.SUBSET


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "the schema: not a JSON object"),
        ({}, "0 fields"),
        ({"fields": [1]}, "field 1: not a JSON object"),
        ({"fields": [{}]}, "field 1: it has no name"),
        ({"fields": [{"name": "a"}, {"name": "a"}]}, "two fields named 'a'"),
        (field(type="geopoint"), "type is 'geopoint'; allowed: any, string"),
        (field(typ="integer"), "field 'a': typ cannot be checked: it is not supported"),
        (field(constraints={"unique": True}), "field 'a': unique cannot be checked"),
        (field(constraints={"pattern": "x"}), "field 'a': pattern cannot be checked"),
        (field(constraints={"maxLength": 3}), "field 'a': maxLength cannot be checked"),
        (field(constraints={"required": "yes"}), "required is 'yes', not true or false"),
        (field(constraints={"minimum": 1}), "minimum cannot be checked on the type any"),
        (field(type="integer", constraints={"minimum": "x"}), "minimum 'x' is no integer"),
        (field(type="date", constraints={"maximum": "2025-02-30"}), "maximum '2025-02-30' is no date"),
        (field(type="number", constraints={"enum": [1]}), "enum cannot be checked on the type number"),
        (field(constraints={"enum": []}), "enum has 0 values"),
        (field(type="string", format="email"), "format 'email' of a string cannot be checked"),
        (field(type="date", format="%d %B %Y"), "format '%d %B %Y' of a date cannot be checked"),
        (field(type="number", decimalChar=",", groupChar=","), "such numbers are read as text"),
        (field(bareNumber=False), "bareNumber cannot be checked"),
        (field(missingValues=["", "NA"]), "only empty fields are counted as missing"),
        ({**field(), "missingValues": ["-"]}, "only empty fields are counted as missing"),
        ({**field(), "primaryKey": "a"}, "primaryKey cannot be checked"),
        ({**field(), "foreignKeys": []}, "foreignKeys cannot be checked: other files are not read"),
        ({**field(), "fieldsMatch": "most"}, "fieldsMatch is 'most'; allowed: exact, equal"),
        ({**field(), "rows": {"minimum": 2, "maximum": 1}}, "the minimum is above the maximum"),
        ({**field(), "rows": {"least": 2}}, "rows: least cannot be checked"),
        (
            {**field(), "header": False, "fieldsMatch": "equal"},
            "header false goes with fieldsMatch exact alone",
        ),
    ],
)
def test_what_cannot_be_checked_is_refused_by_name(document: Any, said: str) -> None:
    assert said in problems(document)


def test_everything_wrong_is_named_at_once() -> None:
    assert (
        len(problems({**field(type="x", constraints={"unique": True}), "uniqueKeys": []}).splitlines()) == 3
    )
