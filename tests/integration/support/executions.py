"""The executions of a stack that splits files above one megabyte, and what its log says of them."""

import json
from typing import Any

from function.domain.model import CsvObject
from local.stack import Stack

VARIABLES = {"SPLIT_MEGABYTES": "1", "PART_MEGABYTES": "1"}
ROWS = 60_000
TABLE = b"id,name,text\n" + b"".join(
    b'%d,name %d,"a, ""b""\nc %d"\n' % (number, number, number) for number in range(ROWS)
)


def executions(stack: Stack, obj: CsvObject) -> list[Any]:
    """The executions of an object version, each as it was started."""
    client = stack.client("stepfunctions")
    found = []
    for machine in client.list_state_machines()["stateMachines"]:
        for each in client.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]:
            told = client.describe_execution(executionArn=each["executionArn"])
            if obj.version_id in told["input"]:
                found.append(told)
    return found


def lines(stack: Stack, message: str, **fields: Any) -> list[dict[str, Any]]:
    """The lines of the log with that message and these fields."""
    found = []
    for line in stack.log.read_text().splitlines():
        if line.startswith("{") and f'"message": "{message}"' in line:
            entry = json.loads(line)
            if all(entry.get(name) == value for name, value in fields.items()):
                found.append(entry)
    return found
