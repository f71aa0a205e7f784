"""The `pipeline` command, as its user runs it."""

import gzip
import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.support.pipeline_command import PIPELINE, documents, pipeline, running
from tests.support import schema, uploads

SAMPLES = Path(__file__).parents[3] / "local" / "samples"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of a good file, a bad one, one in a sub-folder, and what is no CSV."""
    (tmp_path / "a good one.csv").write_text("id,name\n1,ann\n2,bob\n")
    (tmp_path / "bad.csv").write_bytes(b"")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.csv.gz").write_bytes(gzip.compress(b"x\n1\n"))
    (tmp_path / "notes.txt").write_text("note,for\nit is taken,by name\n")
    return tmp_path


def test_a_run_without_arguments_takes_the_samples_to_their_verdicts() -> None:
    done = pipeline("run")
    assert done.returncode == 0, done.stderr
    assert "3 files: 3 succeeded with 4,957 rows, 0 failed" in done.stdout
    assert "CSV succeeded, 3,376 rows: airports.csv" in done.stdout


def test_json_is_one_document_for_each_file_in_order_and_nothing_else(folder: Path) -> None:
    done = pipeline("run", folder, folder / "notes.txt", "--json")
    assert done.returncode == 1
    reports = documents(done.stdout)
    assert [each["result"]["source"]["key"] for each in reports] == [
        "a good one.csv",
        "bad.csv",
        "sub/c.csv.gz",
        "notes.txt",
    ]
    assert [each["result"]["status"] for each in reports] == ["succeeded", "failed", "succeeded", "succeeded"]
    for each in reports:
        schema.validate(each["result"])
        assert list(each) == ["result", "record", "backup", "notifications", "duration_ms"]
        assert each["record"]["result"] == each["result"]
        assert each["record"]["status"] == each["result"]["status"]
        assert each["backup"] == each["result"]["backup"]
        (mail,) = each["notifications"]
        assert set(mail) == {"subject", "message", "attributes"}
        assert mail["attributes"]["status"] == each["result"]["status"]
        assert each["duration_ms"] > 0
    assert "4 files: 3 succeeded" in done.stderr


def test_a_large_file_is_read_in_parts_and_is_one_document_like_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in uploads.IN_PARTS.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "large.csv"
    file.write_bytes(uploads.large_table(3.5))
    done = pipeline("run", file, "--json")
    assert done.returncode == 0, done.stderr
    [report] = documents(done.stdout)
    schema.validate(report["result"])
    assert list(report) == ["result", "record", "backup", "notifications", "duration_ms"]
    assert report["result"]["source"]["sha256_parts"]["count"] == 4
    assert report["record"]["execution"]


def test_two_files_of_one_name_are_two_uploads(tmp_path: Path) -> None:
    for name, rows in (("one", 1), ("two", 2)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "data.csv").write_text("x\n" + "1\n" * rows)
    done = pipeline("run", tmp_path / "one" / "data.csv", tmp_path / "two" / "data.csv", "--json")
    assert [each["result"]["csv"]["rows"] for each in documents(done.stdout)] == [1, 2]


def test_profile_gives_one_line_for_each_file_without_any_service(folder: Path) -> None:
    began = time.monotonic()
    done = pipeline("profile", folder, "--json")
    good, bad, packed = documents(done.stdout)
    assert done.returncode == 1
    assert list(good) == ["path", "status", "csv", "error"]
    assert good["path"] == str(folder / "a good one.csv")
    assert (good["status"], good["csv"]["rows"], good["error"]) == ("succeeded", 2, None)
    assert (bad["status"], bad["csv"], bad["error"]["code"]) == ("failed", None, "empty_file")
    assert packed["csv"]["dialect"]["compression"] == "gzip"
    assert time.monotonic() - began < 30


def test_profile_and_run_give_the_same_content() -> None:
    file = SAMPLES / "airports.csv"
    (alone,) = documents(pipeline("profile", file).stdout)
    (whole,) = documents(pipeline("run", file, "--json").stdout)
    assert alone["csv"] == whole["result"]["csv"]


def test_a_watched_folder_gives_up_its_files_once_they_are_whole(tmp_path: Path) -> None:
    drop, log = tmp_path / "drop", tmp_path / "log"
    drop.mkdir()
    (drop / "early.csv").write_text("x\n1\n")
    with running("run", "--watch", drop, "--json", stderr=log) as process:
        assert process.stdout
        first = json.loads(process.stdout.readline())
        assert first["result"]["source"]["key"] == "early.csv"
        with (drop / "slow.csv").open("w") as slow:
            slow.write("x\n")
            for _ in range(6):
                time.sleep(0.3)
                slow.write("1\n")
                slow.flush()
        second = json.loads(process.stdout.readline())
        assert second["result"]["source"]["key"] == "slow.csv"
        assert second["result"]["csv"]["rows"] == 6
        (drop / "early.csv").write_text("x\n1\n2\n")
        third = json.loads(process.stdout.readline())
        assert third["result"]["csv"]["rows"] == 2
    assert process.returncode == 0
    assert "3 files: 3 succeeded" in log.read_text()


def test_a_watched_folder_gives_up_a_file_only_once_over_two_runs(tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "first.csv").write_text("x\n1\n")
    for name in ("first.csv", "second.csv"):
        with running("run", "--watch", drop, "--json", stderr=tmp_path / name) as process:
            assert process.stdout
            if name == "second.csv":
                (drop / name).write_text("x\n1\n2\n")
            assert json.loads(process.stdout.readline())["result"]["source"]["key"] == name
    assert "1 files were processed before" in (tmp_path / "second.csv").read_text()
    assert "1 file: 1 succeeded with 2 rows" in (tmp_path / "second.csv").read_text()


def test_a_doubt_is_shown_and_counted(tmp_path: Path) -> None:
    (tmp_path / "twice.csv").write_text("id,name\n" + "1,ann\n" * 20 + "id,name\n" + "2,bob\n" * 20)
    done = pipeline("run", tmp_path)
    assert done.returncode == 0
    assert "succeeded with 1 doubt twice.csv" in done.stdout
    assert "doubt: line 22: " in done.stdout
    assert "1 succeeded with 41 rows, 0 failed; 1 with doubts" in done.stdout


def test_a_stack_that_is_kept_can_be_reached_until_it_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n")
    log = tmp_path / "log"
    with running("run", tmp_path / "a.csv", "--keep", "--json", stderr=log) as process:
        assert process.stdout
        assert json.loads(process.stdout.readline())["result"]["status"] == "succeeded"
        deadline = time.monotonic() + 10
        while "Ctrl-C" not in log.read_text():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        psql = next(line for line in log.read_text().splitlines() if line.startswith("database"))
        query = psql.removeprefix("database").strip() + " -tAc 'SELECT filename, status FROM file_metadata'"
        answer = subprocess.run(query, shell=True, capture_output=True, text=True, check=True)  # noqa: S602 a line for a shell
        assert answer.stdout.strip() == "a.csv|succeeded"
    assert process.returncode == 0


def test_real_credentials_and_endpoints_of_the_caller_have_no_say(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n")
    environment = os.environ | {
        "AWS_PROFILE": "production",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1",
        "HTTP_PROXY": "http://127.0.0.1:1",
    }
    done = subprocess.run(
        [PIPELINE, "run", str(tmp_path / "a.csv")],
        capture_output=True,
        env=environment,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
