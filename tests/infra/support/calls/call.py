"""One call that a provider makes, and the requests that come of it for a recorded resource."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.infra.support.evaluator import Request
from tests.infra.support.program import ACCOUNT, REGION, Program, Resource

Phase = Literal["read", "make", "change"]


@dataclass(frozen=True)
class Call:
    """Actions that a provider takes on one resource of AWS.

    Attributes:
        phase: "read" for a refresh, "make" for creating, "change" for updating and deleting.
        actions: separated by blanks, as IAM names them.
        arn: on what; `{...}` stands for an input of the recorded resource, or one of `_values`.
        context: condition keys and their values, likewise.
        tagged: whether it has the tags of the stack by then.
    """

    phase: Phase
    actions: str
    arn: str = "*"
    context: dict[str, str] = field(default_factory=dict)
    tagged: bool = False


def read(actions: str, arn: str = "*") -> Call:
    """A call of a refresh, and of whatever reads back what it has made."""
    return Call("read", actions, arn)


def make(actions: str, arn: str = "*", **context: str) -> Call:
    """A call that creates."""
    return Call("make", actions, arn, context)


def change(actions: str, arn: str = "*", **context: str) -> Call:
    """A call that updates or deletes."""
    return Call("change", actions, arn, context)


def tagged(phase: Phase, actions: str, arn: str) -> Call:
    """A call on something that has been tagged before."""
    return Call(phase, actions, arn, tagged=True)


def requests(call: Call, resource: Resource, program: Program) -> Iterator[Request]:
    """What IAM is asked for the call on a recorded resource."""
    values = _values(resource, program)
    context = {key: value.format(**values) for key, value in call.context.items()}
    if call.tagged:
        tags = json.loads(program.one("pulumi:providers:aws")["defaultTags"])["tags"]
        context |= {f"aws:ResourceTag/{name}": value for name, value in tags.items()}
    for action in call.actions.split():
        yield Request(action, call.arn.format(**values), context)


def _values(resource: Resource, program: Program) -> dict[str, Any]:
    """The inputs, and what AWS makes of them: `name`, `repository`, the boundary of the stack's roles."""
    inputs = resource.inputs
    image = inputs.get("imageUri") or next(iter(inputs.get("tags") or ()), "")
    of_image = image.partition("/")[2].partition("@")[0].partition(":")[0]
    queue = inputs.get("queueUrl", "").rpartition("/")[2]
    return {"repository": of_image, "queue": queue, "name": f"{resource.name}-0a1b2c3"} | {
        **inputs,
        "account": ACCOUNT,
        "region": REGION,
        "stack": program.one("Dashboard")["dashboardName"].rpartition("-")[2],
        "boundary": program.all("Role")[0].inputs.get("permissionsBoundary", "none"),
    }
