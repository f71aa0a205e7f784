"""What the infrastructure gives is what the function asks for. Both are asked; nothing is listed here."""

import ast
import dataclasses
import json
import re
from datetime import UTC, datetime
from pathlib import Path

from function import finish_handler, handler, migrate_handler, operator_handler, part_handler
from function.domain.keys import backup_key, result_key
from function.domain.model import CsvObject
from function.domain.outcome import Outcome
from function.pipeline.reconcile.request import PASSES, Request
from function.settings import Settings
from infra.configuration.config import Config
from infra.iam import policies
from ops.run.inputs import CSV_SUFFIXES, is_csv_name
from tests.infra.support.program import ROOT, Program

HANDLERS = (
    handler.handler,
    operator_handler.handler,
    migrate_handler.handler,
    part_handler.handler,
    finish_handler.handler,
)


def _given(program: Program, name: str) -> set[str]:
    """The function's variables, with those that the image brings along."""
    image = set(re.findall(r"^ENV (\w+)=", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    return set(program.one("Function", name)["environment"]["variables"]) | image


def _subscripts(source: str, name: str) -> set[str]:
    """Every X in `name["X"]`."""
    return {
        node.slice.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    }


def test_the_worker_is_given_exactly_the_variables_that_it_reads(program: Program) -> None:
    assert _given(program, "-worker") == {field.name.upper() for field in dataclasses.fields(Settings)}


def test_the_operators_function_is_given_the_same_as_the_worker(program: Program) -> None:
    given = [program.one("Function", name)["environment"]["variables"] for name in ("-operator", "-worker")]
    assert given[0] == given[1]


def test_what_finishes_a_large_file_is_given_the_same_but_for_what_starts_one(program: Program) -> None:
    starts = {"SPLIT_MEGABYTES", "PART_MEGABYTES", "STATE_MACHINE_ARN"}
    assert _given(program, "-worker") - _given(program, "-finish") == starts


def test_what_reads_a_part_is_given_the_output_bucket_alone(program: Program) -> None:
    variables = program.one("Function", "-part")["environment"]["variables"]
    assert variables == {"OUTPUT_BUCKET": program.outputs["output_bucket"]}


def test_the_worker_can_read_what_it_is_given(prod: Program) -> None:
    variables = prod.one("Function", "-worker")["environment"]["variables"]
    settings = Settings.from_env(variables | {"DATABASE_CA_FILE": __file__})
    assert settings.output_bucket == prod.outputs["output_bucket"]
    assert settings.backup_bucket == prod.outputs["backup_bucket"]
    assert settings.topic_arn == prod.outputs["topic_arn"]
    assert settings.database_secret_arn == prod.outputs["database_secret_arn"]
    assert (settings.max_rejected_rows, settings.max_ragged_rows, settings.max_doubts) == (10, 0, None)


def test_the_migrate_function_is_given_exactly_the_variables_that_it_reads(program: Program) -> None:
    source = (ROOT / "function" / "migrate_handler.py").read_text()
    assert _given(program, "-migrate") == _subscripts(source, "environ")


def test_a_variable_is_read_nowhere_else() -> None:
    readers = {
        path.name
        for path in (ROOT / "function").rglob("*.py")
        if re.search(r"\benviron\b|\bgetenv\b", path.read_text())
    }
    assert readers == {
        "finish_handler.py",
        "part_handler.py",
        "handler.py",
        "invocation.py",
        "migrate_handler.py",
        "operator_handler.py",
        "settings.py",
    }


def test_the_entry_points_are_there(program: Program) -> None:
    entries = {each["imageConfig"]["commands"][0] for each in program.all("Function")}
    there = {f"{each.__module__}.{each.__name__}" for each in HANDLERS}
    assert entries == there


def test_the_metrics_of_files_are_drawn_from_lines_that_the_handler_writes(program: Program) -> None:
    obj = CsvObject("b", "k", "v", "e", 1, datetime.now(UTC))
    line = Outcome(obj, "succeeded").document()
    worker = program.one("LogGroup", "-worker")["name"]
    filters = [each for each in program.all("LogMetricFilter") if each["logGroupName"] == worker]
    assert len(filters) == 5
    for each in filters:
        fields = set(re.findall(r"\$\.(\w+)", each["pattern"] + each["metricTransformation"]["value"]))
        assert fields <= set(line) | {"message"}, each.name
        assert '$.message = "processed"' in each["pattern"]
    assert '"processed"' in (ROOT / "function" / "handler.py").read_text()


def test_the_schedules_ask_for_what_the_functions_understand(dev: Program) -> None:
    event = json.loads(dev.one("Schedule", "-reconcile")["target"]["input"])
    request = Request.parse(event)
    assert (request.bucket, request.passes) == (dev.outputs["input_bucket"], PASSES)
    assert request.suffixes == tuple(
        each["filterSuffix"] for each in dev.one("BucketNotification")["lambdaFunctions"]
    )
    source = (ROOT / "function" / "operations.py").read_text() + (
        ROOT / "function" / "pipeline" / "reconcile" / "request.py"
    ).read_text()
    read = _subscripts(source, "event") | set(re.findall(r'(?:event\.get\(|word\(event, )"(\w+)"', source))
    assert event.keys() <= read
    assert event["operation"] == "reconcile"
    assert event["resume"] is True
    rotate = json.loads(dev.one("Schedule", "-rotate")["target"]["input"])
    assert rotate == {"rotate": True}
    assert 'event.get("rotate"' in (ROOT / "function" / "migrate_handler.py").read_text()


def test_results_and_backups_are_written_where_the_worker_may_write() -> None:
    policy = policies.worker(
        input_bucket="i", output="out", backup="back", topic="t", secret="s", dead_letters="d"
    )
    assert f'"out/{result_key("x").split("/")[0]}/*"' in policy
    assert f'"back/{backup_key("x").split("/")[0]}/*"' in policy


def test_a_folder_on_a_laptop_holds_the_same_csvs_as_the_bucket_of_a_stack() -> None:
    filters = Config.parse({"bucketPrefix": "any-prefix"}.get).input_suffixes
    assert filters == CSV_SUFFIXES
    for ending in (".csv", ".TSV", ".csv.gz", ".CSV.gz", ".PSV.ZIP", ".tab.zst", ".tsv.bz2", ".csv.xz"):
        assert is_csv_name(Path(f"data{ending}")) == any(f"data{ending}".endswith(each) for each in filters)
        assert is_csv_name(Path(f"data{ending}")), ending
    for ending in (".Csv", ".csv.Gz", ".csv.7z", ".txt", "csv", ".csv.gz.part"):
        assert not is_csv_name(Path(f"data{ending}")), ending
        assert not f"data{ending}".endswith(filters), ending


def test_neither_side_imports_the_other() -> None:
    for ours, theirs in (("infra", "function"), ("function", "infra")):
        for path in (ROOT / ours).rglob("*.py"):
            assert not re.search(rf"^\s*(from|import) {theirs}\b", path.read_text(), re.MULTILINE), path
