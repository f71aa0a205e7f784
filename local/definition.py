"""To be replaced by workflow.definition."""

from typing import Any


def definition(part: str, finish: str, concurrency: int) -> dict[str, Any]:
    def task(function: str, payload: Any) -> dict[str, Any]:
        return {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": function, "Payload": payload},
            "Output": "{% $states.result.Payload %}",
            "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 3}],
        }

    items = "{% [0..($states.input.count-1)].($states.input.name & '/' & $string($)) %}"
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "Items",
        "States": {
            "Items": {
                "Type": "Pass",
                "Assign": {"name": "{% $states.input.name %}", "round": 1},
                "Output": items,
                "Next": "Read",
            },
            "Read": {
                "Type": "Map",
                "Items": "{% $states.input %}",
                "MaxConcurrency": concurrency,
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Part",
                    "States": {"Part": {**task(part, "{% $states.input %}"), "End": True}},
                },
                "Next": "Merge",
            },
            "Merge": {
                **task(finish, {"operation": "merge", "name": "{% $name %}", "round": "{% $round %}"}),
                "Assign": {"round": "{% $round + 1 %}"},
                "Next": "Merged",
            },
            "Merged": {
                "Type": "Choice",
                "Choices": [
                    {
                        "Condition": "{% $states.input.state = 'redo' %}",
                        "Output": "{% $states.input.items %}",
                        "Next": "Read",
                    }
                ],
                "Default": "Finish",
            },
            "Finish": {
                **task(
                    finish,
                    {
                        "operation": "finish",
                        "name": "{% $name %}",
                        "sequential": "{% $states.input.state = 'sequential' %}",
                    },
                ),
                "End": True,
            },
        },
    }
