"""The operator's commands, as they are typed, against a stack that looks deployed."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local.stack import Stack
from tests.support import uploads
from tests.support.deployed import Pipeline
from tests.support.lambda_api import LambdaApi
from tests.support.uploads import DOUBTFUL, GOOD


def test_status_and_history_tell_what_came_in(stack: Stack, pipeline: Pipeline) -> None:
    uploads.finished(stack, uploads.put(stack, "seen/good.csv", GOOD))
    uploads.finished(stack, uploads.put(stack, "seen/bad.csv", b""))
    uploads.finished(stack, uploads.put(stack, "seen/doubtful.csv", DOUBTFUL))
    status = json.loads(pipeline("status", "--json").stdout)
    assert status["succeeded"] >= 1
    assert status["failed"] >= 1
    assert status["doubtful"] == 1
    told = pipeline("history", "seen/").stdout.splitlines()
    assert told[1].split()[2:] == ["seen/doubtful.csv", "succeeded", "41", "1"]
    assert told[2].split()[2:] == ["seen/bad.csv", "failed", "empty_file"]
    assert told[3].split()[2:] == ["seen/good.csv", "succeeded", "2"]


def test_a_report_is_a_page_of_a_result_of_the_stack(
    stack: Stack, pipeline: Pipeline, tmp_path: Path
) -> None:
    old = uploads.put(stack, "paged.csv", b"id,name\n" + b"1,ann\n" * 9 + b"2\n")
    uploads.finished(stack, old)
    uploads.finished(stack, uploads.put(stack, "paged.csv", GOOD))
    uploads.finished(stack, uploads.put(stack, "paged.csv.gz", b"x\n1\n"))  # begins likewise
    page = tmp_path / "page.html"
    for version, told in (([], "Counted, without a doubt"), (["--version", old.version_id], "ragged_rows")):
        done = pipeline("report", "paged.csv", "-o", str(page), *version)
        assert done.returncode == 0, done.stderr
        assert told in page.read_text(encoding="utf-8")


def test_a_report_of_a_key_that_nobody_uploaded_ends_in_status_2(pipeline: Pipeline) -> None:
    done = pipeline("report", "never.csv")
    assert done.returncode == 2
    assert "there is no result of 'never.csv'" in done.stderr


def test_a_replay_gives_a_new_verdict(stack: Stack, pipeline: Pipeline) -> None:
    obj = uploads.put(stack, "replayed.csv", GOOD)
    uploads.finished(stack, obj)
    done = pipeline("replay", "replayed.csv", "--version", obj.version_id, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"] == 2
    assert uploads.rows(stack, obj)[0]["replays"] == 1


def test_a_replay_of_a_bad_file_ends_in_status_1(stack: Stack, pipeline: Pipeline) -> None:
    uploads.finished(stack, uploads.put(stack, "replayed-bad.csv", b""))
    assert pipeline("replay", "replayed-bad.csv").returncode == 1


def test_a_replay_of_a_file_that_is_being_processed_says_so_and_does_not_fail(
    stack: Stack, pipeline: Pipeline
) -> None:
    obj = uploads.put(stack, "busy.csv", GOOD)
    uploads.finished(stack, obj)
    done = threading.Event()

    def hold() -> None:
        """As a worker that renews its lease."""
        while not done.wait(0.2):
            uploads.query(
                stack,
                "UPDATE file_metadata SET finished_at = NULL, claimed_by = 'busy',"
                " claimed_until = coalesce(claimed_until, now()) + interval '1 min' WHERE version_id = $1",
                obj.version_id,
            )

    with ThreadPoolExecutor() as pool:
        holding = pool.submit(hold)
        try:
            uploads.until(lambda: uploads.rows(stack, obj)[0]["claimed_until"], 10, "held")
            told = pipeline("replay", "busy.csv", "--json")
        finally:
            done.set()
        holding.result()
    uploads.query(
        stack,
        "UPDATE file_metadata SET finished_at = now(), claimed_until = NULL WHERE version_id = $1",
        obj.version_id,
    )
    assert json.loads(told.stdout)["status"] == "processing", told.stderr
    assert told.returncode == 0


def test_reconcile_of_a_stack_in_order_finds_nothing_to_do(stack: Stack, pipeline: Pipeline) -> None:
    done = pipeline("reconcile", "--json")
    assert done.returncode == 0, done.stderr
    findings = json.loads(done.stdout)
    assert (findings["redriven"], findings["stuck"], findings["without_row"]) == (0, 0, 0)


def test_backfill_takes_a_prefix_and_a_date(stack: Stack, pipeline: Pipeline) -> None:
    done = pipeline("backfill", "seen/", "--since", "2001-01-01", "--dry-run", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["without_row"] == 0


def test_doctor_looks_at_every_part_and_says_what_to_do(pipeline: Pipeline) -> None:
    done = pipeline("doctor")
    assert done.returncode == 1
    for part in ("function", "operator", "buckets", "secret", "database", "topic", "dead letters"):
        assert f"✓ {part}\n" in done.stdout
    # the embedded stack has a queue between bucket and function
    assert "✗ notification\n    local-input does not notify pipeline of uploads; deploy again" in done.stdout


def test_doctor_notices_a_function_that_is_not_active(
    api: LambdaApi, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "state", "Pending")
    told = pipeline("doctor").stdout
    assert "pipeline is Pending" in told
    assert "pipeline-operator is Pending" in told


def test_what_the_function_refuses_is_told(stack: Stack, pipeline: Pipeline) -> None:
    stack.postgres.stop()
    done = pipeline("status")
    stack.postgres.start()
    assert done.returncode == 3
    assert "TransientError: database at 127.0.0.1" in done.stderr


@pytest.mark.parametrize("version", [[], ["--version", "no-such-version"]])
def test_what_is_not_there_is_told_as_wrong_usage(pipeline: Pipeline, version: list[str]) -> None:
    done = pipeline("replay", "typo.csv", *version)
    assert done.returncode == 2
    assert "replay: s3://local-input/typo.csv does not exist, or not in that version" in done.stderr


def test_a_stack_that_pulumi_does_not_know_is_told(pipeline: Pipeline) -> None:
    done = pipeline("status", "--stack", "nowhere")
    assert done.returncode == 3
    assert "no stack named nowhere" in done.stderr


def test_a_stack_that_is_not_deployed_is_told(pipeline: Pipeline, tmp_path: Path) -> None:
    (tmp_path / "outputs.json").write_text('{"input_bucket": "x"}')
    done = pipeline("status")
    assert done.returncode == 3
    assert "no output output_bucket, " in done.stderr
