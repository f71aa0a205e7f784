import json
from pathlib import Path
from typing import Any

import pytest

from function.domain import events
from function.domain.model import Upload
from ops.deployed.records import Record

EVENT = {"Records": [{"eventSource": "aws:s3"}]}


def execution(**detail: Any) -> str:
    """As EventBridge delivers it."""
    given = {
        "name": "17-1-abc",
        "status": "FAILED",
        "input": json.dumps({"name": "17-1-abc", "event": EVENT}),
    }
    kind = "Step Functions Execution Status Change"
    return json.dumps({"source": "aws.states", "detail-type": kind, "detail": given | detail})


def test_of_an_event_that_the_worker_gave_up_it_is_that_event() -> None:
    assert Record.parse(json.dumps({"requestPayload": EVENT, "responsePayload": {}})) == Record(EVENT)


def test_of_an_execution_it_is_the_event_that_it_was_started_for() -> None:
    assert Record.parse(execution()) == Record(EVENT, "execution 17-1-abc FAILED")


def test_of_an_execution_that_ran_out_of_time_it_is_the_event_of_s3() -> None:
    """Of the shape in "Automating Step Functions event delivery with EventBridge"."""
    record = Record.parse((Path(__file__).parents[3] / "events" / "execution_timed_out.json").read_text())
    assert record
    assert record.execution == "execution 17-1-0a1b2c3d TIMED_OUT"
    assert record.event
    [upload] = events.parse(record.event)
    assert isinstance(upload, Upload)
    assert (upload.key, upload.version_id, upload.size) == ("a/b.csv", "v1", 10 * 1024**3)


def test_an_execution_is_told_with_its_reason_in_one_line() -> None:
    record = Record.parse(execution(status="TIMED_OUT", error="States.Timeout", cause="too\nlong"))
    assert record
    assert record.execution == "execution 17-1-abc TIMED_OUT: States.Timeout: too?long"
    long = Record.parse(execution(error=None, cause="x" * 32_768))
    assert long
    assert long.execution
    assert long.execution.startswith("execution 17-1-abc FAILED: xxx")
    assert len(long.execution) == 500


@pytest.mark.parametrize("given", [None, "", "{", "[]", "{}"])
def test_an_execution_whose_input_was_too_large_has_no_event(given: str | None) -> None:
    assert Record.parse(execution(input=given)) == Record(None, "execution 17-1-abc FAILED")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "hello",
        "[1]",
        "{}",
        '{"requestPayload": null}',
        '{"requestPayload": {}}',
        '{"requestPayload": "x"}',
        '{"source": "aws.states"}',
        '{"source": "aws.states", "detail": {"name": "x"}}',
        '{"source": "aws.s3", "detail": {"name": "x", "status": "FAILED"}}',
    ],
)
def test_anything_else_is_no_record(body: str) -> None:
    assert Record.parse(body) is None
