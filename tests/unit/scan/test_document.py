"""The `csv` part of result.json."""

import json
from pathlib import Path

import jsonschema

from function.scan import csv_document, scan

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "csv.schema.json").read_text())


def test_document_of_a_profile_is_json_and_follows_the_schema() -> None:
    profile = scan([b'a,b\n1,"x\ny"\n,2024-01-01\n\n']).profile
    assert profile is not None
    document = csv_document(profile)
    assert json.loads(json.dumps(document)) == document
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert document["rows"] == 2
