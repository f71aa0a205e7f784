"""The commands about single files, as they are typed, against a stack that looks deployed."""

import json
import os
import re
import threading
from pathlib import Path
from typing import Any

import pytest

from local.stack import Stack
from tests.support import uploads
from tests.support.deployed import Pipeline
from tests.support.logs_api import logs_api
from tests.support.schema import validate_command
from tests.support.uploads import GOOD


def documents(pipeline: Pipeline, command: str, *arguments: str, **variables: str) -> list[dict[str, Any]]:
    """What a command prints with --json, each line as its schema has it."""
    done = pipeline(command, *arguments, "--json", **variables)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert found, done.stderr
    for each in found:
        validate_command(command, each)
    return found


def test_an_upload_waits_for_its_verdict(pipeline: Pipeline, tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_bytes(GOOD)
    [told] = documents(pipeline, "upload", str(tmp_path / "good.csv"), "--prefix", "sent/")
    assert told["key"] == "sent/good.csv"
    assert (told["row"]["status"], told["row"]["row_count"]) == ("succeeded", 2)
    assert told["row"]["version_id"] == told["version_id"]


def test_a_folder_is_uploaded_and_a_failed_file_ends_in_status_1(pipeline: Pipeline, tmp_path: Path) -> None:
    folder = tmp_path / "orders"
    folder.mkdir()
    (folder / "empty.csv").write_bytes(b"")
    (folder / "good.csv").write_bytes(GOOD)
    done = pipeline("upload", str(folder))
    assert done.returncode == 1, done.stderr
    assert re.search(r"failed \S*empty\.csv\nempty_file: ", done.stdout)
    assert re.search(r"succeeded \S*good\.csv  2 rows, 2 columns", done.stdout)


def test_a_large_file_is_uploaded_in_parts(stack: Stack, pipeline: Pipeline, tmp_path: Path) -> None:
    (tmp_path / "large.csv").write_bytes(b"id,name\n" + b"1,ann\n" * 3_000_000)
    [told] = documents(pipeline, "upload", str(tmp_path / "large.csv"))
    assert told["row"]["row_count"] == 3_000_000
    assert told["row"]["etag"].endswith("-2")


def test_standard_input_and_pipes_are_uploaded_as_they_are(
    stack: Stack, pipeline: Pipeline, tmp_path: Path
) -> None:
    done = pipeline("upload", "-", "--prefix", "piped/", "--json", stdin=GOOD.decode())
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["row"]["size_bytes"] == len(GOOD)
    fifo = tmp_path / "pipe.csv"
    os.mkfifo(fifo)
    threading.Thread(target=fifo.write_bytes, args=(GOOD,), daemon=True).start()
    [told] = documents(pipeline, "upload", str(fifo), "--prefix", "piped/")
    assert (told["key"], told["row"]["row_count"]) == ("piped/pipe.csv", 2)


def test_an_instruction_goes_with_the_file(pipeline: Pipeline, tmp_path: Path) -> None:
    (tmp_path / "headless.csv").write_bytes(GOOD)
    [told] = documents(pipeline, "upload", str(tmp_path / "headless.csv"), "-i", "csv-header=false")
    assert told["row"]["row_count"] == 3


def test_an_instruction_of_another_form_is_refused(pipeline: Pipeline, tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_bytes(GOOD)
    done = pipeline("upload", str(tmp_path / "good.csv"), "-i", "header=false")
    assert done.returncode == 2
    assert "is not csv-NAME=VALUE" in done.stderr


def test_without_a_wait_the_version_is_told(stack: Stack, pipeline: Pipeline, tmp_path: Path) -> None:
    (tmp_path / "later.csv").write_bytes(GOOD)
    [told] = documents(pipeline, "upload", str(tmp_path / "later.csv"), "--no-wait")
    assert told["row"] is None
    stack.settle()
    [shown] = documents(pipeline, "show", "later.csv", "--version", told["version_id"])
    assert shown["row"]["status"] == "succeeded"


def test_show_has_the_verdict_the_columns_and_every_version(stack: Stack, pipeline: Pipeline) -> None:
    bad = uploads.put(stack, "shown.csv", b"a,b\n1,2,3\n")
    uploads.finished(stack, bad)
    uploads.finished(stack, uploads.put(stack, "shown.csv", GOOD))
    [document] = documents(pipeline, "show", "shown.csv")
    assert [each["status"] for each in document["versions"]] == ["succeeded", "failed"]
    assert document["result"]["csv"]["rows"] == 2
    text = pipeline("show", "shown.csv", "--utc", COLUMNS="80").stdout
    assert text.startswith("succeeded shown.csv  2 rows, 2 columns\n")
    assert "uploaded (UTC)" in text
    assert re.search(r"name +string", text)
    assert max(map(len, text.splitlines())) <= 80
    former = pipeline("show", "shown.csv", "--version", bad.version_id)
    assert former.returncode == 1
    assert "ragged_rows: " in former.stdout


def test_show_of_a_file_that_is_not_there(pipeline: Pipeline) -> None:
    done = pipeline("show", "nowhere.csv")
    assert done.returncode == 2
    assert "no file nowhere.csv" in done.stderr


def test_tail_has_the_lines_of_one_file_and_no_other(stack: Stack, pipeline: Pipeline) -> None:
    for key in ("logged.csv", "other.csv"):
        uploads.finished(stack, uploads.put(stack, key, GOOD))
    for _ in range(3):
        assert pipeline("replay", "logged.csv").returncode == 0
    obj = uploads.put(stack, "logged.csv", GOOD)
    uploads.finished(stack, obj)
    with logs_api(stack.log) as logs:
        there = {"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": f"http://127.0.0.1:{logs.server_port}"}
        lines = documents(pipeline, "tail", "logged.csv", **there)
        text = pipeline("tail", "logged.csv", "--utc", **there).stdout
    assert {each["key"] for each in lines} == {"logged.csv"}
    assert lines[-1]["version_id"] == obj.version_id
    assert [each["message"] for each in lines].count("processed") == 2
    assert "processed" in text
    assert 'status="succeeded"' in text


def test_a_time_that_is_none_is_refused(pipeline: Pipeline) -> None:
    done = pipeline("tail", "logged.csv", "--since", "yesterday")
    assert done.returncode == 2
    assert "for example 15m" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [("status",), ("history",), ("reconcile",), ("doctor",), ("backfill", "x/", "--dry-run"), ("redrive",)],
    ids=" ".join,
)
def test_what_a_command_prints_as_json_is_as_its_schema_says(
    stack: Stack, pipeline: Pipeline, arguments: tuple[str, ...]
) -> None:
    uploads.finished(stack, uploads.put(stack, "any.csv", GOOD))
    assert documents(pipeline, *arguments)


def test_the_history_fits_80_columns(stack: Stack, pipeline: Pipeline) -> None:
    key = f"a/long/folder/{'x' * 90}.csv"
    uploads.finished(stack, uploads.put(stack, key, b""))
    told = pipeline("history", "a/long/", "--utc", COLUMNS="80").stdout
    assert max(map(len, told.splitlines())) <= 80
    assert "failed" in told
    assert "empty_file" in told
    column = told.index("file")
    assert "".join(line[column:].split()[0] for line in told.splitlines()[1:] if line[column:].strip()) == key
