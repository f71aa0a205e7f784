"""Lambda's asynchronous semantics, by real workers in a real pool."""

import json
import os
import signal
import time
import uuid
from pathlib import Path
from typing import Any

import pytest

from local.errors import StackError
from local.stack import Stack
from tests.integration.local.conftest import obedient_stack
from tests.integration.local.handlers import read_journal


def tagged(**event: Any) -> dict[str, Any]:
    """An event that its test can tell from all others."""
    return {"tag": str(uuid.uuid4()), **event}


def attempts(stack: Stack, event: Any) -> list[dict[str, Any]]:
    return [entry for entry in read_journal(stack.directory) if entry["event"] == event]


def dead_letters(stack: Stack, event: Any) -> list[dict[str, Any]]:
    return [dead_letter for dead_letter in stack.dead_letters() if dead_letter["requestPayload"] == event]


def log_lines(stack: Stack) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stack.log.read_text().splitlines() if line.startswith("{")]


def test_an_event_that_keeps_failing_is_tried_three_times_under_one_id_and_then_recorded(
    stack: Stack,
) -> None:
    event = tagged(do="fail", why="no luck")
    stack.send(event)
    stack.settle()
    tried = attempts(stack, event)
    assert len(tried) == 3
    assert len({entry["request_id"] for entry in tried}) == 1
    assert tried[1]["at"] - tried[0]["at"] >= 0.1
    assert tried[2]["at"] - tried[1]["at"] >= 0.2
    [dead_letter] = dead_letters(stack, event)
    assert dead_letter["version"] == "1.0"
    assert dead_letter["requestContext"] == {
        "requestId": tried[0]["request_id"],
        "functionArn": "arn:aws:lambda:us-east-1:000000000000:function:csv-pipeline:$LATEST",
        "condition": "RetriesExhausted",
        "approximateInvokeCount": 3,
    }
    assert dead_letter["responseContext"] == {
        "statusCode": 200,
        "executedVersion": "$LATEST",
        "functionError": "Unhandled",
    }
    assert dead_letter["responsePayload"]["errorType"] == "ValueError"
    assert dead_letter["responsePayload"]["errorMessage"] == "no luck"


def test_an_event_that_succeeds_at_last_is_not_given_up(stack: Stack) -> None:
    event = tagged(do="fail", times=2)
    stack.send(event)
    stack.settle()
    assert len(attempts(stack, event)) == 3
    assert dead_letters(stack, event) == []


def test_dead_letters_stay_until_they_are_redriven_under_a_new_id() -> None:
    with obedient_stack(retry_delays=()) as stack:
        for _ in range(12):  # more than SQS hands out at once
            stack.send(tagged(do="fail"))
        stack.settle()
        assert len(stack.dead_letters()) == len(stack.dead_letters()) == 12
        assert stack.redrive() == 12
        stack.settle()
        assert len(stack.dead_letters()) == 12
        sqs = stack.client("sqs")
        url = sqs.get_queue_url(QueueName="dead-letters")["QueueUrl"]
        counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        assert counts["ApproximateNumberOfMessages"] == "12"
        assert counts["ApproximateNumberOfMessagesNotVisible"] == "0"
        assert len({entry["request_id"] for entry in read_journal(stack.directory)}) == 24


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


def test_forty_events_pass_through_two_workers_each_once(stack: Stack) -> None:
    burst = [tagged(do="sleep", seconds=0.02, n=n) for n in range(40)]
    for event in burst:
        stack.send(event)
    stack.settle()
    entries = [attempts(stack, event) for event in burst]
    assert [len(entry) for entry in entries] == [1] * 40
    assert len({entry[0]["pid"] for entry in entries}) == 2


def test_an_upload_reaches_the_function_and_the_test_event_of_s3_does_not(stack: Stack) -> None:
    s3, bucket = stack.client("s3"), stack.names.input_bucket
    version = s3.put_object(Bucket=bucket, Key="dir/a b.csv", Body=b"x")["VersionId"]
    stack.settle()
    events = [entry["event"] for entry in read_journal(stack.directory)]
    [upload] = [event for event in events if "Records" in event]
    assert upload["Records"][0]["s3"]["object"]["versionId"] == version
    assert [event for event in events if event.get("Event") == "s3:TestEvent"] == []


def test_a_handler_that_cannot_be_loaded_fails_every_event_with_the_reason() -> None:
    with Stack(handler="no.such.module", retry_delays=(0.0, 0.0)) as stack:
        stack.send({"n": 1})
        stack.settle()
        [dead_letter] = stack.dead_letters()
        assert dead_letter["requestContext"]["approximateInvokeCount"] == 3
        assert dead_letter["responsePayload"]["errorType"] == "Runtime.ImportModuleError"


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


def test_events_that_do_not_settle_in_time_are_an_error(stack: Stack) -> None:
    stack.send(tagged(do="sleep", seconds=0.5))
    with pytest.raises(StackError, match="1 events still under way"):
        stack.settle(timeout=0.1)
    stack.settle()
