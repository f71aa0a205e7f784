"""The `csv` part of result.json."""

import json
from pathlib import Path

import jsonschema
import pytest

from function.domain.csv_document import csv_document
from function.scan import Options, scan

SCHEMA = json.loads((Path(__file__).parents[4] / "docs" / "result.schema.json").read_text())


def test_document_of_a_profile_is_json_and_follows_the_schema() -> None:
    profile = scan([b'a,b\n1,"x\ny"\n,2024-01-01\n\n']).profile
    assert profile is not None
    document = csv_document(profile)
    assert json.loads(json.dumps(document)) == document
    jsonschema.Draft202012Validator({**SCHEMA["$defs"]["csv"], "$defs": SCHEMA["$defs"]}).validate(document)
    assert document["rows"] == 2


def test_document_of_a_file_with_an_enormous_field_is_small() -> None:
    profile = scan([b"name\n" + b"x" * 2_000_000 + b"\n"]).profile
    assert profile is not None
    document = csv_document(profile)
    assert len(json.dumps(document)) < 10_000
    assert document["columns"][0]["max"].endswith("x…")
    assert document["columns"][0]["longest"] == 2_000_000


@pytest.mark.parametrize(
    "formula", ["=cmd!' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "=HYPERLINK(1)"]
)
def test_a_formula_stands_in_the_document_as_it_stands_in_the_file(formula: str) -> None:
    profile = scan([f"name|{formula}\nx|{formula}\n".encode()], Options(delimiter="|", header=False)).profile
    assert profile is not None
    assert json.loads(json.dumps(csv_document(profile)))["columns"][1]["max"] == formula
