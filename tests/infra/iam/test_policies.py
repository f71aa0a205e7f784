"""Each role can do all that its code does, and nothing that its code does not do.

The function's own code makes the calls, against an emulator that enforces the recorded policies. Then every
action and every resource is taken out of them, one at a time: something must fail each time.
"""

import contextlib
import json
import time

import pytest
from botocore.exceptions import ClientError

from infra.iam import executions, policies
from tests.infra.support.iam import Cloud, allows, environment, policy_of
from tests.infra.support.processors import BACKUP, INPUT, OUTPUT, Operator, Processor, Worker
from tests.infra.support.program import Program
from tests.infra.support.trims import Trim, labels, trims

ARNS = {"input_bucket": "i", "output": "o", "backup": "b", "topic": "t", "secret": "s"}
MORE = executions.start("m", "o")
WORKER = policies.worker(**ARNS, dead_letters="d", more=MORE)
OPERATOR = policies.operator(**ARNS, more=MORE)
PROCESSORS = (Worker, Operator)


@pytest.mark.parametrize("kind", PROCESSORS)
def test_a_function_can_do_all_that_it_does(
    world: Cloud, dev: Program, kind: type[Processor], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind(world, dev, policy_of(world, dev, kind.name), monkeypatch).does_everything()


@pytest.mark.parametrize(
    ("kind", "trim"),
    [
        *(pytest.param(Worker, trim, id=f"worker-{labels(trim)}") for trim in trims(WORKER)),
        *(pytest.param(Operator, trim, id=f"operator-{labels(trim)}") for trim in trims(OPERATOR)),
    ],
)
def test_a_function_can_do_nothing_that_it_does_not_do(
    world: Cloud, dev: Program, kind: type[Processor], trim: Trim, monkeypatch: pytest.MonkeyPatch
) -> None:
    processor = kind(world, dev, trim.of(policy_of(world, dev, kind.name)), monkeypatch)
    with pytest.raises(Exception, match=r"403|AccessDenied|not authorized|Forbidden|Uploads|assert"):
        processor.does_everything()


@pytest.mark.parametrize("kind", PROCESSORS)
def test_what_failed_above_failed_for_want_of_leave_only(
    world: Cloud, dev: Program, kind: type[Processor], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind(world, dev, policy_of(world, dev, kind.name), monkeypatch).does_everything()


def test_the_worker_may_not_reconcile(world: Cloud, dev: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """What only reconciliation needs is the operators' function's alone."""
    operator = Operator(world, dev, policy_of(world, dev, "-worker"), monkeypatch)
    with pytest.raises(Exception, match="AccessDenied"):
        operator.reconciles()


@pytest.mark.parametrize(("schedule", "called"), [("-reconcile", "operator"), ("-rotate", "migrate")])
def test_a_schedule_can_call_its_function_and_no_other(
    world: Cloud, dev: Program, schedule: str, called: str
) -> None:
    client = world.client("lambda", world.role([world.document(dev.one("RolePolicy", schedule)["policy"])]))
    for function in ("worker", "operator", "migrate"):
        # allowed, but the emulator has no functions; or not allowed
        answer = "ResourceNotFound" if function == called else "AccessDenied"
        with pytest.raises(ClientError, match=answer):
            client.invoke(FunctionName=f"csv-pipeline-dev-{function}", InvocationType="Event")


@pytest.mark.parametrize("name", ["-worker-execution", "-operator-execution", "-migrate-execution"])
def test_a_function_can_write_its_own_log_only(world: Cloud, dev: Program, name: str) -> None:
    # The emulator asks about the group, AWS about its streams, which the pattern's end stands for.
    document = world.document(dev.one("RolePolicy", name)["policy"].replace(':*"', '"'))
    logs = world.client("logs", world.role([document]))
    own = dev.one("LogGroup", name.removesuffix("-execution"))["name"]
    with contextlib.suppress(world.client("logs").exceptions.ResourceAlreadyExistsException):
        world.client("logs").create_log_group(logGroupName=own)
    stream = f"stream-{time.monotonic_ns()}"
    logs.create_log_stream(logGroupName=own, logStreamName=stream)
    event = {"timestamp": int(time.time() * 1000), "message": "a line"}
    logs.put_log_events(logGroupName=own, logStreamName=stream, logEvents=[event])
    with pytest.raises(ClientError, match="AccessDenied"):
        logs.create_log_group(logGroupName="another")
    with pytest.raises(ClientError, match="AccessDenied"):
        logs.create_log_stream(logGroupName="another", logStreamName=stream)


def test_lambda_can_do_for_the_function_what_the_policies_of_aws_itself_allow(dev: Program) -> None:
    """The services that act as the role are not here; AWS publishes what they need."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    published = json.loads(aws_managed_policies_data)
    ours = json.loads(dev.one("RolePolicy", "-worker-execution")["policy"])["Statement"]
    network = published["AWSLambdaVPCAccessExecutionRole"]["Document"]["Statement"]
    wanted = {action for each in network for action in each["Action"]} - {"logs:CreateLogGroup"}
    tracing = published["AWSXrayWriteOnlyAccess"]["Document"]["Statement"]
    wanted |= {action for each in tracing for action in each["Action"] if action.startswith("xray:Put")}
    assert {action for each in ours for action in each["Action"]} == wanted


def test_nothing_but_the_three_buckets_topic_secret_and_queue_is_in_reach(world: Cloud, dev: Program) -> None:
    document = policy_of(world, dev, "-worker")
    for action, arn in (
        ("s3:GetObject", "arn:aws:s3:::another/x"),
        ("s3:PutObject", f"arn:aws:s3:::{INPUT}/x"),
        ("s3:GetObject", f"arn:aws:s3:::{OUTPUT}/elsewhere/x"),
        ("s3:DeleteObject", f"arn:aws:s3:::{BACKUP}/backup/x"),
        ("secretsmanager:GetSecretValue", environment(dev, "-migrate")["MASTER_SECRET_ARN"]),
    ):
        assert not allows(document, action, arn)
