"""The commands about contracts and series, as they are typed, against a stack that looks deployed."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from local.stack import Stack
from tests.support import schema, uploads
from tests.support.deployed import Pipeline

CONTRACT: dict[str, Any] = {
    "fields": [
        {"name": "id", "type": "integer", "constraints": {"minimum": 1}},
        {"name": "name", "constraints": {"required": True}},
    ]
}


def written(folder: Path, document: Any) -> str:
    path = folder / "schema.json"
    path.write_text(json.dumps(document))
    return str(path)


def test_a_contract_is_put_listed_tested_kept_and_removed(
    stack: Stack, pipeline: Pipeline, tmp_path: Path
) -> None:
    done = pipeline("contract", "put", "in/", written(tmp_path, CONTRACT), "--json")
    assert done.returncode == 0, done.stderr
    schema.validate_command("contract put", json.loads(done.stdout))
    assert json.loads(pipeline("contract", "get", "in/").stdout) == CONTRACT
    document = json.loads(pipeline("contract", "get", "in/", "--json").stdout)
    schema.validate_command("contract get", document)
    listed = json.loads(pipeline("contract", "list", "--json").stdout)
    schema.validate_command("contract list", listed)
    assert "'in/'" in pipeline("contract", "list").stdout
    bad = tmp_path / "bad.csv"
    bad.write_text("id,name\n0,\n")
    tried = pipeline("contract", "test", str(bad), "--key", "in/bad.csv", "--json")
    assert tried.returncode == 1, tried.stderr
    answer = json.loads(tried.stdout)
    schema.validate_command("contract test", answer)
    assert [each["code"] for each in answer["breaches"]] == ["minimum", "required"]
    traces = uploads.finished(stack, uploads.put(stack, "in/bad.csv", bad.read_bytes()))
    assert traces.result["contract"]["breaches"] == answer["breaches"]
    removed = pipeline("contract", "rm", "in/", "--json")
    schema.validate_command("contract rm", json.loads(removed.stdout))
    assert pipeline("contract", "get", "in/").returncode == 2


def test_a_schema_that_cannot_be_checked_is_refused_before_anything_is_asked(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    asks = {"fields": [{"name": "id", "constraints": {"unique": True}}]}
    done = pipeline("contract", "put", "in/", written(tmp_path, asks))
    assert done.returncode == 2
    assert "unique cannot be checked" in " ".join(done.stderr.replace("│", " ").split())


def test_a_suggestion_can_be_put_as_it_is(stack: Stack, pipeline: Pipeline, tmp_path: Path) -> None:
    uploads.finished(stack, uploads.put(stack, "made/1.csv", b"id,name\n1,ann\n2,\n"))
    made = json.loads(pipeline("contract", "suggest", "made/1.csv").stdout)
    assert [field["name"] for field in made["fields"]] == ["id", "name"]
    done = pipeline("contract", "put", "made/", written(tmp_path, made))
    assert done.returncode == 0, done.stderr
    assert done.stdout == "version 1 of the contract for 'made/'\n"


def test_a_contract_is_tested_on_this_machine_alone(pipeline: Pipeline, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("id,name\n1,ann\n")
    bad.write_text("id,surname\n1,ann\n")
    contract = written(tmp_path, CONTRACT)
    assert pipeline("contract", "test", str(good), "--schema", contract).returncode == 0
    done = pipeline("contract", "test", str(bad), "--schema", contract)
    assert done.returncode == 1
    assert "the field 'name' is missing" in done.stdout


def test_late_names_the_series_whose_next_file_is_overdue(stack: Stack, pipeline: Pipeline) -> None:
    assert pipeline("late").stdout == "no series is overdue\n"
    quiet = stack.names.backup_bucket  # whose uploads call no worker
    for day in range(5):
        obj = uploads.put(stack, f"daily/{day}.csv", b"a\n1\n", quiet)
        when = datetime(2025, 3, 1, tzinfo=UTC) + timedelta(days=day)
        event = uploads.event(replace(obj, bucket=stack.names.input_bucket, uploaded_at=when))
        assert not stack.invoke(event).failed
    done = pipeline("late", "--json", "--utc")
    assert done.returncode == 1
    late = json.loads(done.stdout)
    schema.validate_command("late", late)
    assert late["series"] == "daily/#.csv"
    assert "2025-03-05" in pipeline("late", "--utc").stdout
