"""The definition as AWS would see it: its language, its structure, and the sizes that AWS allows."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonata
import pytest
from cfnlint.api import lint_all

from function.domain.keys import version_mark
from workflow.definition import definition

ARN = "arn:aws:lambda:eu-central-1:123456789012:function:csv-pipeline-dev-"
MACHINE = definition(part_function=f"{ARN}part", finish_function=f"{ARN}finish", concurrency=100)
STATES: dict[str, Any] = MACHINE["States"]
PART: dict[str, Any] = STATES["Read"]["ItemProcessor"]["States"]["Part"]
PAYLOAD_BYTES = 256 * 1024  # "Step Functions service quotas": input or output of a state
MOST_PARTS = 8000
LONGEST_NAME = f"{2**31 - 1}-999-{version_mark('x')}"


def lint(machine: dict[str, Any]) -> list[str]:
    """What cfn-lint, which knows the Amazon States Language, says of it."""
    properties = {"RoleArn": "arn:aws:iam::123456789012:role/x", "Definition": machine}
    resource = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    found = lint_all(json.dumps({"Resources": {"Machine": resource}}))
    return [str(each) for each in found if not each.rule.id.startswith("I")]  # remarks on templates


def following(state: dict[str, Any]) -> Iterator[str]:
    for key in ("Next", "Default"):
        if key in state:
            yield state[key]
    for choice in state.get("Choices", []):
        yield choice["Next"]


def expressions(node: Any) -> Iterator[str]:
    if isinstance(node, str) and node.startswith("{%"):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for each in children:
        yield from expressions(each)


def evaluate(expression: str, **states: Any) -> Any:
    inner = re.fullmatch(r"\{%(.*)%\}", expression, re.DOTALL)
    assert inner
    return jsonata.Jsonata(inner[1]).evaluate(None, {"states": states})


def test_it_is_in_the_amazon_states_language() -> None:
    assert lint(MACHINE) == []


@pytest.mark.parametrize(
    "change",
    [
        {"StartAt": "Nowhere"},
        {"States": STATES | {"Items": STATES["Items"] | {"Type": "Passes"}}},
        {"States": STATES | {"Read": STATES["Read"] | {"ItemsPath": "$.items"}}},
    ],
    ids=["start", "type", "jsonpath"],
)
def test_the_validation_sees_what_is_wrong(change: dict[str, Any]) -> None:
    assert lint(MACHINE | change)


def test_every_state_is_reached_and_every_next_one_is_there() -> None:
    reached, waiting = set(), [MACHINE["StartAt"]]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += following(STATES[name])
    assert reached == STATES.keys()
    assert [name for name, state in STATES.items() if state.get("End")] == ["Finish"]


def test_every_expression_is_jsonata() -> None:
    found = list(expressions(MACHINE))
    assert len(found) >= 10
    for each in found:
        jsonata.Jsonata(each[2:-2].strip())


@pytest.mark.parametrize("count", [1, 2, MOST_PARTS])
def test_the_items_are_an_array_of_texts_even_of_one_part(count: int) -> None:
    items = evaluate(STATES["Items"]["Output"], input={"name": "4711-1", "count": count})
    assert list(items) == [f"4711-1/{part}" for part in range(count)]


@pytest.mark.parametrize("items", [["4711-1/0/7"], ["4711-1/0/7", "4711-1/2/9"]])
def test_what_is_read_again_is_an_array_even_of_one_part(items: list[str]) -> None:
    [again] = STATES["Choice"]["Choices"]
    assert evaluate(again["Output"], input={"state": "redo", "items": items}) == items


def test_the_items_of_the_most_parts_with_the_longest_names_are_within_what_a_state_may_pass_on() -> None:
    items = evaluate(STATES["Items"]["Output"], input={"name": LONGEST_NAME, "count": MOST_PARTS})
    assert len(json.dumps(list(items), separators=(",", ":")).encode()) <= PAYLOAD_BYTES
    results = json.dumps([PART["Output"]] * MOST_PARTS)  # of the map, before its own Output
    assert len(results) <= PAYLOAD_BYTES


def test_no_part_leaves_anything_in_the_execution() -> None:
    assert PART["Output"] == STATES["Read"]["Output"] == STATES["Finish"]["Output"] == {}


def test_no_variable_has_the_name_of_a_function_of_jsonata() -> None:
    assigned = [each["Assign"] for each in (STATES["Items"], *STATES["Choice"]["Choices"])]
    names = {name for each in assigned for name in each}
    assert len(names) == 2
    assert jsonata.Jsonata("$exists($round)").evaluate(None)
    assert [name for name in names if jsonata.Jsonata(f"$exists(${name})").evaluate(None)] == []


def payloads(node: Any) -> Iterator[Any]:
    """What the functions are given, wherever they are called."""
    if isinstance(node, dict) and "Payload" in node:
        yield node["Payload"]
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from payloads(each)


def test_every_function_is_given_an_object_as_a_text_would_be_taken_for_json() -> None:
    found = list(payloads(MACHINE))
    assert len(found) == 3
    assert [each for each in found if not isinstance(each, dict)] == []


def test_no_failed_part_is_tolerated_and_each_is_tried_again_at_random_times() -> None:
    assert STATES["Read"]["ToleratedFailurePercentage"] == 0
    for state in (PART, STATES["Read"], STATES["Merge"], STATES["Finish"]):
        *_, last = state["Retry"]
        assert last["ErrorEquals"] == ["States.ALL"]
        assert all(each["JitterStrategy"] == "FULL" and each["MaxAttempts"] for each in state["Retry"])
        assert all(each["IntervalSeconds"] < each["MaxDelaySeconds"] for each in state["Retry"])


def test_the_time_that_a_large_file_may_take_is_bounded() -> None:
    assert MACHINE["TimeoutSeconds"] == 3600
    short = definition(part_function="p", finish_function="f", concurrency=1, timeout_seconds=60)
    assert (short["TimeoutSeconds"], short["States"]["Read"]["MaxConcurrency"]) == (60, 1)


def test_the_definition_needs_no_package() -> None:
    import workflow

    [module] = [path for path in Path(workflow.__path__[0]).glob("*.py") if path.name != "__init__.py"]
    assert re.findall(r"^(?:from|import) (\S+)", module.read_text(), re.MULTILINE) == [
        "collections.abc",
        "typing",
    ]
