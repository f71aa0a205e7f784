"""Lambda's asynchronous semantics, by real workers in a real pool."""

import os
import signal
import time
from pathlib import Path

import pytest

from local.stack import Stack
from tests.integration.support.journal import attempts, dead_letters, log_lines, tagged
from tests.integration.support.stacks import obedient_stack


def test_an_attempt_that_takes_too_long_is_killed_and_counts_as_failed(stack: Stack) -> None:
    event = tagged(do="sleep", seconds=30, times=1)
    stack.send(event)
    began = time.monotonic()
    stack.settle()
    assert 1.0 < time.monotonic() - began < 10
    killed, retried = attempts(stack, event)
    assert killed["request_id"] == retried["request_id"]
    assert killed["pid"] != retried["pid"]
    assert not Path(f"/proc/{killed['pid']}").exists()


def test_a_worker_that_dies_is_replaced_and_its_event_tried_again(stack: Stack) -> None:
    for how in ("die", "exit"):
        event = tagged(do=how, times=1)
        stack.send(event)
        stack.settle()
        died, retried = attempts(stack, event)
        assert died["pid"] != retried["pid"]
        assert dead_letters(stack, event) == []


def test_a_worker_killed_while_idle_costs_no_attempt(stack: Stack) -> None:
    assert not stack.invoke(tagged()).failed
    for pid in stack.workers:
        os.kill(pid, signal.SIGKILL)
    while stack.workers:
        time.sleep(0.01)
    response = stack.invoke(tagged())
    assert not response.failed
    assert stack.workers == [response.payload["pid"]]


def test_a_killed_worker_takes_what_it_started_with_it(stack: Stack) -> None:
    response = stack.invoke(tagged(do="spawn_and_sleep", seconds=30))
    assert response.payload["errorType"] == "Sandbox.Timedout"
    child = int((stack.directory / "spawned").read_text())
    deadline = time.monotonic() + 5
    while running(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not running(child)


def running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and ") Z " not in status.read_text()


def test_synchronous_invocation_answers_or_reports_the_error_once(stack: Stack) -> None:
    event = tagged(do="fail", why="only once")
    response = stack.invoke(event)
    assert response.failed
    assert response.payload["errorMessage"] == "only once"
    assert response.payload["requestId"] == response.request_id
    assert len(attempts(stack, event)) == 1
    fine = stack.invoke(tagged())
    assert not fine.failed
    assert 0 < fine.payload["left_ms"] <= 1000
    assert fine.payload["arn"].endswith(":function:csv-pipeline")


def test_every_attempt_is_reported_with_its_duration_and_memory(stack: Stack) -> None:
    response = stack.invoke(tagged(do="sleep", seconds=0.2))
    [report] = [
        line for line in log_lines(stack) if line.get("record", {}).get("requestId") == response.request_id
    ]
    assert report["type"] == "platform.report"
    assert report["record"]["status"] == "success"
    assert 200 <= report["record"]["metrics"]["durationMs"] < 1000
    assert 5 < report["record"]["metrics"]["maxMemoryUsedMB"] < 100


def test_mail_is_kept_in_order_however_often_it_is_read(stack: Stack) -> None:
    sns = stack.client("sns")
    for status in ("succeeded", "failed"):
        sns.publish(
            TopicArn=stack.names.topic_arn,
            Subject=f"it {status}",
            Message="text",
            MessageAttributes={"status": {"DataType": "String", "StringValue": status}},
        )
        stack.messages()
    expected = [
        {"subject": f"it {status}", "message": "text", "attributes": {"status": status}}
        for status in ("succeeded", "failed")
    ]
    assert stack.messages() == stack.messages() == expected


def test_workers_get_the_environment_of_the_stack_and_nothing_of_the_caller(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://example.com")
    monkeypatch.setenv("SOME_SECRET", "of the caller")
    with obedient_stack() as stack:
        environment = stack.invoke({}).payload["environment"]
        own = {"AWS_LAMBDA_RUNTIME_API", "PWD", "_X_AMZN_TRACE_ID"}
        assert set(environment) - own == set(stack.environment)
        assert environment["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
        assert environment["AWS_CONFIG_FILE"] == os.devnull
