"""The definition of the state machine that reads one file in parts, in the Amazon States Language. Pure.

Items -> Read, all parts at once -> Merge -> Choice: parts that started wrongly are read again, or -> Finish.

Its input is `{"name": "4711-1", "count": 160, "event": {...}}`: the execution's name, the number of parts,
and the S3 event, which nothing here reads: the dead-letter queue gets it of a failed execution.
An item is a text, `"<name>/<part>"`, so that 8,000 of them stay within the 256 KB that a state may pass on
("Step Functions service quotas"). What the parts found is in the output bucket; no state passes it on.

The embedded stack gives a Distributed Map the whole output of the state before it, and ignores its Output:
therefore `Items` is the whole input, and `name` and `rounds` are variables.
"""

from collections.abc import Mapping, Sequence
from typing import Any

State = dict[str, Any]

_INVOKE = "arn:aws:states:::lambda:invoke"  # of the partition aws; no other is supported
# Without the outer brackets, JSONata makes a text, not an array, of one part.
_ITEMS = "{% [$map([0..$states.input.count - 1], function($part) { $states.input.name & '/' & $part })] %}"


def definition(
    *, part_function: str, finish_function: str, concurrency: int, timeout_seconds: int = 3600
) -> dict[str, Any]:
    """The state machine as a document.

    Args:
        part_function: name or ARN of the function that reads one part.
        finish_function: name or ARN of the function that merges the parts and brings the file to its end.
        concurrency: how many parts are read at once, at most.
        timeout_seconds: after which an execution is ended.
    """
    return {
        "Comment": "Reads one large CSV file in parts and merges what they found",
        "QueryLanguage": "JSONata",
        "StartAt": "Items",
        "TimeoutSeconds": timeout_seconds,
        "States": {
            "Items": {
                "Type": "Pass",
                "Output": _ITEMS,
                "Assign": {"name": "{% $states.input.name %}", "rounds": 1},
                "Next": "Read",
            },
            "Read": _read(part_function, concurrency),
            "Merge": _merge(finish_function),
            "Choice": _CHOICE,
            "Finish": _finish(finish_function),
        },
    }


def _task(function: str, payload: Mapping[str, str]) -> State:
    """Call a function. Its payload is an object: a text would be taken for JSON itself, and refused."""
    return {
        "Type": "Task",
        "Resource": _INVOKE,
        "Arguments": {"FunctionName": function, "Payload": payload},
    }


def _read(function: str, concurrency: int) -> State:
    """All parts at once. If one fails for good, the others are not worth reading on.

    Each is an Express workflow of its own. To start it costs a transition of this one, $25 for a million,
    about as much as the function that reads them. What a Standard one does costs as much again, and what an
    Express one does $2 to $6 ("Transitions" and "pricing" of AWS Step Functions). An Express workflow may run
    for five minutes: the time-out of the part's function leaves room for a second attempt. It may run twice:
    both write the same result. Parts that found no capacity within those five minutes fail the map, which is
    therefore tried again as a whole.
    """
    return {
        "Type": "Map",
        "Label": "parts",
        "Items": "{% $states.input %}",
        "MaxConcurrency": concurrency,
        "ToleratedFailurePercentage": 0,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
            "StartAt": "Part",
            "States": {
                "Part": {
                    **_task(function, {"item": "{% $states.input %}"}),
                    "Output": {},
                    "Retry": _PART_AGAIN,
                    "End": True,
                }
            },
        },
        "Output": {},
        "Retry": [_again(["States.ALL"], first=60, attempts=2, longest=120)],
        "Next": "Merge",
    }


def _merge(function: str) -> State:
    payload = {"operation": "merge", "name": "{% $name %}", "round": "{% $rounds %}"}
    return {
        **_task(function, payload),
        "Output": "{% $states.result.Payload %}",
        "Retry": _FINISH_AGAIN,
        "Next": "Choice",
    }


def _finish(function: str) -> State:
    sequential = "{% $states.input.state = 'sequential' %}"
    payload = {"operation": "finish", "name": "{% $name %}", "sequential": sequential}
    return {**_task(function, payload), "Output": {}, "Retry": _FINISH_AGAIN, "End": True}


def _again(errors: Sequence[str], *, first: int, attempts: int, longest: int) -> dict[str, Any]:
    """Try again after up to `first` seconds, then twice as long: at random, so that not all do at once."""
    return {
        "ErrorEquals": list(errors),
        "IntervalSeconds": first,
        "BackoffRate": 2,
        "MaxDelaySeconds": longest,
        "MaxAttempts": attempts,
        "JitterStrategy": "FULL",
    }


_BUSY = ["Lambda.TooManyRequestsException"]
_PART_AGAIN = [
    _again(_BUSY, first=2, attempts=60, longest=16),  # until the five minutes of the workflow are over
    _again(["States.ALL"], first=1, attempts=5, longest=30),
]
# The database may be away for minutes: ten, with these, on average.
_FINISH_AGAIN = [
    _again(_BUSY, first=2, attempts=60, longest=60),
    _again(["States.ALL"], first=5, attempts=9, longest=300),
]
_CHOICE: State = {
    "Type": "Choice",
    "Choices": [
        {
            "Condition": "{% $states.input.state = 'redo' %}",
            "Output": "{% [$states.input.items] %}",
            "Assign": {"rounds": "{% $rounds + 1 %}"},
            "Next": "Read",
        }
    ],
    "Default": "Finish",
}
