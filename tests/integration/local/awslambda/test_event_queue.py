"""An asynchronous event: tried again, given up, redriven."""

import pytest

from local.errors import StackError
from local.stack import Stack
from tests.integration.support.handlers import read_journal
from tests.integration.support.journal import attempts, dead_letters, tagged
from tests.integration.support.stacks import obedient_stack


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


def test_events_that_do_not_settle_in_time_are_an_error(stack: Stack) -> None:
    stack.send(tagged(do="sleep", seconds=0.5))
    with pytest.raises(StackError, match="1 events still unfinished"):
        stack.settle(timeout=0.1)
    stack.settle()
