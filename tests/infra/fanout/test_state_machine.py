"""The resources of the state machine: how it is made, what its role may do, and where its failures go."""

import json
from typing import Any

import pytest

from infra.iam import executions
from infra.iam.executions import state_machine_arn
from tests.infra.support.evaluator import Request, allows, lets_in
from tests.infra.support.program import ACCOUNT, REGION, Program, run, stack_config
from tests.infra.support.trims import Trim, labels, trims

MACHINE = state_machine_arn("csv-pipeline-dev-fanout", REGION, ACCOUNT)
EXECUTION = MACHINE.replace(":stateMachine:", ":execution:")
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:csv-pipeline-dev-"
OF_MAP, OF_NAME = f"{EXECUTION}/parts:1", f"{EXECUTION}:1"
LONGEST_PAUSE = 300  # between two attempts at a step
ROLE = executions.state_machine(state_machine="m", part_function="p", finish_function="f")
# "IAM policies for using Distributed Map", "Using CloudWatch Logs" and "Trace requests with X-Ray", Step Functions
# developer guide: the service acts as the role, and does so nowhere but on AWS.
DOCUMENTED = [
    *(Request("lambda:InvokeFunction", f"{FUNCTION}{name}") for name in ("part", "finish")),
    Request("states:StartExecution", MACHINE),
    *(
        Request(f"states:{action}Execution", execution)
        for action in ("Describe", "Stop")
        for execution in (OF_MAP, OF_NAME)
    ),
    *(
        Request(f"logs:{action}", "*")
        for action in (
            *("CreateLogDelivery", "DeleteLogDelivery", "DescribeLogGroups", "DescribeResourcePolicies"),
            *("GetLogDelivery", "ListLogDeliveries", "PutResourcePolicy", "UpdateLogDelivery"),
        )
    ),
    *(
        Request(f"xray:{action}", "*")
        for action in ("GetSamplingRules", "GetSamplingTargets", "PutTelemetryRecords", "PutTraceSegments")
    ),
]


def role(program: Program) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(program.one("RolePolicy", "-fanout")["policy"])
    return document


def test_the_role_allows_all_calls_that_aws_documents(dev: Program) -> None:
    assert [each for each in DOCUMENTED if not allows([role(dev)], each)] == []


@pytest.mark.parametrize("trim", trims(ROLE), ids=labels)
def test_the_role_has_no_action_and_no_resource_that_none_of_them_takes(dev: Program, trim: Trim) -> None:
    assert [each for each in DOCUMENTED if not allows([trim.of(role(dev))], each)]


def test_only_the_account_s_own_state_machines_take_on_the_role(dev: Program) -> None:
    [trust] = dev.policy("Role", "-fanout", "assumeRolePolicy")
    assert trust["Principal"] == {"Service": "states.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def test_the_arn_that_others_refer_to_is_that_of_the_state_machine(program: Program) -> None:
    machine = program.one("StateMachine")
    assert program.outputs["state_machine_arn"].endswith(f":{machine['name']}")
    assert (
        executions.state_machine_arn(machine["name"], REGION, ACCOUNT) == program.outputs["state_machine_arn"]
    )


def test_it_calls_the_two_functions_after_they_are_made(dev: Program) -> None:
    machine = dev.one("StateMachine")
    definition = json.loads(machine["definition"])
    part = definition["States"]["Read"]["ItemProcessor"]["States"]["Part"]["Arguments"]["FunctionName"]
    finish = definition["States"]["Finish"]["Arguments"]["FunctionName"]
    assert (part, finish) == (f"{FUNCTION}part", f"{FUNCTION}finish")
    assert definition["States"]["Read"]["MaxConcurrency"] == 100
    before = dev.before(machine)
    needed = [dev.one("Function", "-part"), dev.one("Function", "-finish"), dev.one("RolePolicy", "-fanout")]
    assert {each.urn for each in needed} <= before


def test_its_deletion_waits_for_the_step_that_an_execution_is_in(program: Program) -> None:
    longest = program.one("Function", "-finish")["timeout"]
    within = program.one("StateMachine").deleted_within
    assert within.endswith("m")
    assert 60 * int(within[:-1]) > longest + LONGEST_PAUSE


def test_it_is_of_the_type_whose_executions_are_started_once(program: Program) -> None:
    assert program.one("StateMachine")["type"] == "STANDARD"


def test_failures_are_logged_without_the_names_of_uploads_and_traced(program: Program) -> None:
    machine, log = program.one("StateMachine"), program.one("LogGroup", "-fanout")
    logging = machine["loggingConfiguration"]
    assert (logging["level"], logging["includeExecutionData"]) == ("ERROR", False)
    assert logging["logDestination"].endswith(f":{log['name']}:*")
    assert log["name"].startswith("/aws/vendedlogs/states/")
    assert machine["tracingConfiguration"] == {"enabled": True}


def test_two_attempts_of_a_part_fit_into_the_five_minutes_of_its_workflow(dev: Program) -> None:
    part = dev.one("Function", "-part")
    assert 2 * part["timeout"] < 300
    assert part["memorySize"] == 1769
    finish, worker = dev.one("Function", "-finish"), dev.one("Function", "-worker")
    assert (finish["memorySize"], finish["timeout"]) == (worker["memorySize"], worker["timeout"])


def test_every_end_but_success_reaches_the_dead_letter_queue_as_it_is(dev: Program) -> None:
    rule, target = dev.one("EventRule"), dev.one("EventTarget")
    assert json.loads(rule["eventPattern"]) == {
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {"stateMachineArn": [MACHINE], "status": ["ABORTED", "FAILED", "TIMED_OUT"]},
    }
    queue = dev.one("FunctionEventInvokeConfig")["destinationConfig"]["onFailure"]["destination"]
    assert target["arn"] == queue
    assert not {"input", "inputPath", "inputTransformer", "roleArn"} & set(target.inputs)
    assert dev.one("QueuePolicy").urn in dev.before(target)


def test_the_queue_takes_events_of_that_rule_only(dev: Program) -> None:
    policy = {"Statement": dev.policy("QueuePolicy", "-fanout")}
    queue = dev.one("EventTarget")["arn"]
    rule = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{dev.one('EventRule').name}-0a1b2c3"
    own = {"aws:SourceArn": rule, "aws:SourceAccount": ACCOUNT}
    assert lets_in(policy, "events.amazonaws.com", Request("sqs:SendMessage", queue, own))
    for change in ({"aws:SourceArn": f"{rule}x"}, {"aws:SourceAccount": "111122223333"}):
        assert not lets_in(policy, "events.amazonaws.com", Request("sqs:SendMessage", queue, own | change))
    assert not lets_in(policy, "sns.amazonaws.com", Request("sqs:SendMessage", queue, own))
    assert not lets_in(policy, "events.amazonaws.com", Request("sqs:ReceiveMessage", queue, own))


def test_without_splitting_there_is_none_of_it() -> None:
    never = run("dev", stack_config("Pulumi.dev.yaml", splitMegabytes=0))
    for kind in ("StateMachine", "EventRule", "EventTarget", "QueuePolicy"):
        assert never.all(kind) == []
    assert {each.name.rpartition("-")[2] for each in never.all("Function")} == {
        "worker",
        "operator",
        "migrate",
    }
    assert not [each for each in never.all("VpcEndpoint") if each.name.endswith("-states")]
    assert "state_machine_arn" not in never.outputs
    for name in ("-worker", "-operator"):
        variables = never.one("Function", name)["environment"]["variables"]
        assert not {"SPLIT_MEGABYTES", "PART_MEGABYTES", "STATE_MACHINE_ARN"} & variables.keys()
        assert "states:" not in never.one("RolePolicy", f"{name}-permissions")["policy"]
    [_, old] = never.one("BucketLifecycleConfiguration", "output")["rules"]
    assert old["id"] == "remove-old-versions"
