"""Calls of the `pipeline` command: what it takes, and what it refuses at once."""

import os
from pathlib import Path

import pytest

from tests.e2e.support.pipeline_command import documents, pipeline, shell


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["report", "/dev/null", "-o", "/nowhere/report.html"], "/nowhere/report.html: No such file"),
        (["run", "nowhere.csv"], "nowhere.csv: No such file"),
        (["run", "--watch", "nowhere"], "nowhere is not a folder"),
        (["run", "--no-such-option"], "No such option"),
        (["profile"], "name at least one file"),
        (["profile", "nowhere.csv"], "nowhere.csv: No such file"),
        (["hash"], "Missing argument"),
        (["hash", "nowhere.csv"], "nowhere.csv: No such file"),
        (["hash", "-", "--part-bytes", "0"], "greater than or equal to 1"),
    ],
)
def test_a_wrong_call_is_told_at_once_with_status_2(arguments: list[str], complaint: str) -> None:
    done = pipeline(*arguments)
    assert done.returncode == 2
    assert complaint in " ".join(done.stderr.replace("│", " ").split())
    assert done.stdout == ""


def test_a_folder_without_a_csv_is_a_wrong_call(tmp_path: Path) -> None:
    done = pipeline("run", tmp_path)
    assert done.returncode == 2
    assert "no CSV in this folder" in " ".join(done.stderr.replace("│", " ").split())


def test_odd_names_become_keys_as_they_are(tmp_path: Path) -> None:
    names = ["new\nline.csv", "semi;colon $x `y` & [z].csv", "UPPER.CSV", "é.tsv"]
    for name in names:
        (tmp_path / name).write_text("x\n1\n")
    done = pipeline("run", tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    assert sorted(each["result"]["source"]["key"] for each in documents(done.stdout)) == sorted(names)


def test_a_name_that_s3_cannot_take_is_a_wrong_call(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.csv")).write_text("x\n1\n")
    done = pipeline("run", tmp_path)
    assert done.returncode == 2
    assert "not UTF-8" in " ".join(done.stderr.replace("│", " ").split())


def test_pipes_and_standard_input_are_profiled() -> None:
    done = shell("printf 'x\\n1\\n' | pipeline profile - <(printf 'x\\n1\\n2\\n')")
    assert [each["csv"]["rows"] for each in documents(done.stdout)] == [1, 2]
    assert documents(done.stdout)[0]["path"] == "-"


def test_pipes_and_standard_input_go_through_the_whole_pipeline() -> None:
    line = "yes 1 | head -n 3000000 | pipeline run - <(printf 'x\\n1\\n2\\n') --json"
    done = shell(line)
    assert done.returncode == 0, done.stderr
    standard, substituted = (each["result"] for each in documents(done.stdout))
    assert (standard["source"]["key"], standard["source"]["size_bytes"]) == ("stdin.csv", 6_000_000)
    assert substituted["csv"]["rows"] == 2
    assert substituted["source"]["key"].endswith(".csv")


@pytest.mark.parametrize("command", ["run", "profile", "hash"])
def test_a_closed_standard_input_is_a_wrong_call(command: str) -> None:
    done = shell(f"pipeline {command} - <&-")
    assert done.returncode == 2
    assert "standard input: Bad file descriptor" in " ".join(done.stderr.replace("│", " ").split())
