"""A contract for a prefix, kept by an operator, and the files that are held against it."""

import uuid
from typing import Any

import pytest

from local.stack import Stack
from tests.support import schema, uploads

SCHEMA = {
    "fields": [
        {"name": "id", "type": "integer", "constraints": {"required": True, "minimum": 1}},
        {"name": "status", "type": "string", "constraints": {"enum": ["new", "paid"]}},
    ],
    "rows": {"minimum": 1, "maximum": 1000},
}
GOOD = b"id,status\n1,new\n2,paid\n"


@pytest.fixture
def prefix() -> str:
    return f"{uuid.uuid4()}/"


def ask(stack: Stack, operation: str, **words: Any) -> dict[str, Any]:
    answer = stack.operate({"operation": operation, "bucket": stack.names.input_bucket, **words})
    assert not answer.failed, answer.payload
    payload: dict[str, Any] = answer.payload
    return payload


def upload(stack: Stack, key: str, body: bytes) -> uploads.Traces:
    traces = uploads.finished(stack, uploads.put(stack, key, body))
    schema.validate(traces.result)
    return traces


def test_a_breach_is_a_verdict_with_every_breach_in_the_result(stack: Stack, prefix: str) -> None:
    assert ask(stack, "contract_put", prefix=prefix, schema=SCHEMA) == {"prefix": prefix, "version": 1}
    good = upload(stack, f"{prefix}good.csv", GOOD)
    good.assert_exactly_once("succeeded")
    assert good.result["contract"] == {"prefix": prefix, "version": 1, "breaches": [], "breach_count": 0}
    bad = upload(stack, f"{prefix}bad.csv", b"id,status,more\n0,new,x\n,lost,x\n")
    bad.assert_exactly_once("failed")
    assert bad.row["error_code"] == "contract"
    found = [breach["code"] for breach in bad.result["contract"]["breaches"]]
    assert found == ["field_unexpected", "required", "minimum", "enum"]
    assert "'more' is not in the contract" in bad.result["error"]["message"]
    assert bad.row["row_count"] == 2  # what was read stands beside the verdict


def test_the_longest_prefix_counts_and_the_next_once_it_is_removed(stack: Stack, prefix: str) -> None:
    wide = {"fields": [{"name": "a"}], "fieldsMatch": "partial"}
    ask(stack, "contract_put", prefix=prefix, schema=wide)
    ask(stack, "contract_put", prefix=f"{prefix}in/", schema=SCHEMA)
    assert upload(stack, f"{prefix}in/1.csv", GOOD).result["contract"]["prefix"] == f"{prefix}in/"
    assert ask(stack, "contract_remove", prefix=f"{prefix}in/")["version"] == 2
    after = upload(stack, f"{prefix}in/2.csv", GOOD)
    assert after.result["contract"]["prefix"] == prefix
    assert after.row["error_code"] == "contract"
    ask(stack, "contract_remove", prefix=prefix)
    assert upload(stack, f"{prefix}in/3.csv", GOOD).result["contract"] is None
    assert "no contract" in ask(stack, "contract_remove", prefix=prefix)["error"]


def test_every_version_is_kept(stack: Stack, prefix: str) -> None:
    ask(stack, "contract_put", prefix=prefix, schema=SCHEMA)
    changed = {**SCHEMA, "fieldsMatch": "subset"}
    assert ask(stack, "contract_put", prefix=prefix, schema=changed)["version"] == 2
    found = ask(stack, "contract_get", prefix=prefix)
    assert (found["version"], found["schema"]) == (2, changed)
    assert [(each["version"], each["removed"]) for each in found["versions"]] == [(2, False), (1, False)]
    listed = {each["prefix"]: each for each in ask(stack, "contract_list")["contracts"]}
    assert listed[prefix]["schema"] == "2 fields, subset"
    assert ask(stack, "contract_get", key=f"{prefix}x.csv")["version"] == 2
    ask(stack, "contract_remove", prefix=prefix)
    assert prefix not in {each["prefix"] for each in ask(stack, "contract_list")["contracts"]}


def test_what_cannot_be_checked_is_refused_by_name(stack: Stack, prefix: str) -> None:
    asks = {
        "fields": [{"name": "id", "type": "string", "constraints": {"pattern": "[a-z]+", "unique": True}}]
    }
    error = ask(stack, "contract_put", prefix=prefix, schema=asks)["error"]
    assert "field 'id': pattern cannot be checked" in error
    assert "field 'id': unique cannot be checked" in error
    assert "no contract" in ask(stack, "contract_get", prefix=prefix)["error"]
    large = {"fields": [{"name": "a", "description": "x" * 100_000}]}
    assert "100,000 are allowed" in ask(stack, "contract_put", prefix=prefix, schema=large)["error"]


def test_a_contract_made_of_a_result_is_one_that_its_file_keeps(stack: Stack, prefix: str) -> None:
    body = b"id;day;price;at;note\n1;03.02.2025;1.234,50;2025-01-02 10:00:00;\n2;14.02.2025;7,25;2025-01-03 11:00:00;x\n"
    upload(stack, f"{prefix}1.csv", body)
    made = ask(stack, "contract_suggest", key=f"{prefix}1.csv")["schema"]
    assert made["fields"][1] == {
        "name": "day",
        "type": "date",
        "format": "%d.%m.%Y",
        "constraints": {"required": True},
    }
    assert made["fields"][2]["decimalChar"] == ","
    ask(stack, "contract_put", prefix=prefix, schema=made)
    upload(stack, f"{prefix}2.csv", body).assert_exactly_once("succeeded")
    broken = upload(stack, f"{prefix}3.csv", body.replace(b"1.234,50", b"1234.50").replace(b"7,25", b"7.25"))
    assert [each["code"] for each in broken.result["contract"]["breaches"]] == ["format"]
    assert "has no result" in ask(stack, "contract_suggest", key="none.csv")["error"]


def test_a_schema_that_no_table_can_keep_is_refused(stack: Stack, prefix: str) -> None:
    for name in ("a\0b", "a\ud800"):
        answer = ask(stack, "contract_put", prefix=prefix, schema={"fields": [{"name": name}]})
        assert "which no table can keep" in answer["error"]
