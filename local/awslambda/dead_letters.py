"""The events that were given up, as Lambda's on-failure destination records them, and executions that failed.

References: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html and
https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"""

import json
import threading
from datetime import UTC, datetime
from typing import Any

from local.aws.queues import Queue
from local.awslambda.runtime_api import FUNCTION_ARN, Response


class DeadLetters:
    """The dead letter queue; safe to share between threads."""

    def __init__(self, queue: Queue):
        self.url = queue.url
        self._queue = queue
        self._lock = threading.Lock()

    def add(self, event: Any, response: Response, attempts: int) -> None:
        """Record that the last of so many attempts at the event ended with this response."""
        self._queue.send(failure_record(event, response, attempts, datetime.now(UTC)))

    def records(self) -> list[dict[str, Any]]:
        """Every record; they stay in the queue."""
        with self._lock:
            letters = list(self._queue.drain())
            for letter in letters:
                self._queue.release(letter)
        return [letter.body for letter in letters]

    def redrive(self, events: Queue) -> int:
        """Give every event that was given up another life; how many there were."""
        with self._lock:
            letters = list(self._queue.drain())  # all of them first: what fails again comes back here
            for letter in letters:
                events.send(lost_event(letter.body))
                self._queue.delete(letter)
        return len(letters)


def lost_event(record: dict[str, Any]) -> Any:
    """The event that was given up: of an execution that failed, the one it was started for."""
    if record.get("source") == "aws.states":
        return json.loads(record["detail"]["input"])["event"]
    return record["requestPayload"]


def failure_record(event: Any, response: Response, attempts: int, when: datetime) -> dict[str, Any]:
    """The record of one event, at `when` (UTC)."""
    return {
        "version": "1.0",
        "timestamp": when.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": response.request_id,
            "functionArn": f"{FUNCTION_ARN}:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": attempts,
        },
        "requestPayload": event,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": response.payload,
    }
