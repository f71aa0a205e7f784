"""`pipeline redrive`, as it is typed, against a stack that looks deployed."""

import json

import pytest

from function.domain.model import CsvObject
from local.stack import Stack
from tests.support import uploads
from tests.support.deployed import Pipeline
from tests.support.lambda_api import LambdaApi
from tests.support.uploads import GOOD


def given_up(stack: Stack, folder: str, count: int = 3) -> list[CsvObject]:
    """Uploads whose events are in the dead-letter queue, while the database is away."""
    stack.postgres.stop()
    objects = [uploads.put(stack, f"{folder}/{n}.csv", GOOD) for n in range(count)]
    uploads.until(lambda: len(stack.dead_letters()) == count, 60, "given up")
    return objects


def test_redrive_has_done_what_was_given_up_at_the_pace_that_lambda_allows(
    stack: Stack, api: LambdaApi, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects = given_up(stack, "given-up")
    stack.postgres.start()
    monkeypatch.setattr(api, "throttled", 2)
    done = pipeline("redrive", "--json")
    assert json.loads(done.stdout) == {"done": 3, "failed": 0, "held_back": 2}, done.stderr
    assert done.returncode == 0
    for obj in objects:
        uploads.finished(stack, obj).assert_exactly_once("succeeded")
    assert not stack.dead_letters()


def test_redrive_sends_the_worker_the_event_of_an_execution_that_failed(
    stack: Stack, pipeline: Pipeline
) -> None:
    obj = uploads.put(stack, "split.csv", GOOD, stack.names.backup_bucket)  # whose uploads call no worker
    started = {"name": "17-1", "count": 2, "event": uploads.event(obj)}
    detail = {"name": "17-1", "status": "FAILED", "error": "States.TaskFailed", "input": json.dumps(started)}
    left = {"source": "aws.states", "detail": {"name": "18-1", "status": "ABORTED", "input": None}}
    send_dead_letters(
        stack, json.dumps({"source": "aws.states", "detail": detail}), json.dumps(left), "hello"
    )
    done = pipeline("redrive", "--json")
    assert json.loads(done.stdout) == {"done": 1, "failed": 1, "held_back": 0}, done.stderr
    assert done.returncode == 1
    assert "execution 17-1 FAILED: States.TaskFailed" in done.stderr
    assert (
        "execution 18-1 ABORTED: the record does not say of which file: `pipeline reconcile`" in done.stderr
    )
    assert uploads.rows(stack, obj)[0]["row_count"] == 2
    assert taken_dead_letters(stack) == {json.dumps(left), "hello"}


def send_dead_letters(stack: Stack, *bodies: str) -> None:
    for body in bodies:
        stack.client("sqs").send_message(QueueUrl=stack.dead_letter_queue_url, MessageBody=body)


def taken_dead_letters(stack: Stack) -> set[str]:
    """The bodies of what is in the queue, which is empty then."""
    sqs, url = stack.client("sqs"), stack.dead_letter_queue_url
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=2)["Messages"]
    for message in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return {message["Body"] for message in messages}


def test_what_fails_again_is_told_and_stays_in_the_queue(stack: Stack, pipeline: Pipeline) -> None:
    objects = given_up(stack, "given-up-again", 2)
    done = pipeline("redrive", "--json")
    assert json.loads(done.stdout) == {"done": 0, "failed": 2, "held_back": 0}
    assert done.stderr.count("TransientError: database at") == 2
    assert done.returncode == 1
    assert len(stack.dead_letters()) == 2
    stack.postgres.start()
    assert pipeline("redrive").returncode == 0
    for obj in objects:
        uploads.finished(stack, obj).assert_exactly_once("succeeded")
