"""The roles of previews and of the weekly comparison: they see how everything is configured, and no data."""

import pytest

from tests.infra.conftest import Environment
from tests.infra.support.calls import needed
from tests.infra.support.evaluator import Request, allows
from tests.infra.support.program import ACCOUNT, REGION

READERS = ("Preview", "Drift")
OF_IMAGES = "docker-build:index:Image"


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_whoever_reads_can_refresh_every_resource(environment: Environment, reader: str) -> None:
    """A preview refreshes nothing unless asked to, and has no login to the registry."""
    own = environment.bootstrap.roles[reader].documents
    refused = [
        f"{kind}: {request.action} on {request.resource}"
        for kind, request in needed(environment.program, "read")
        if not allows(own, request) and request.action != "sts:GetCallerIdentity"
        if not (kind == OF_IMAGES and reader == "Preview")
    ]
    assert refused == []


def test_whoever_reads_can_change_nothing(environment: Environment, reader: str) -> None:
    own = environment.bootstrap.roles[reader].documents
    reads = {request.action for _, request in needed(environment.program, "read")}
    done = [
        f"{kind}: {request.action}"
        for kind, request in needed(environment.program, "make", "change")
        if request.action not in reads and allows(own, request)
    ]
    assert done == []


def test_every_action_of_whoever_reads_is_one_that_reads(environment: Environment, reader: str) -> None:
    words = ("Get", "List", "Describe", "BatchGetImage", "Decrypt", "Validate")
    for document in environment.bootstrap.roles[reader].documents:
        for statement in document["Statement"]:
            actions = statement["Action"]
            for action in actions if isinstance(actions, list) else [actions]:
                assert action.partition(":")[2].startswith(words), action


def test_whoever_reads_sees_no_data(environment: Environment, reader: str) -> None:
    own, stack = environment.bootstrap.roles[reader].documents, environment.program
    queue, database = stack.one("Queue").name, stack.one("Instance").name
    seen = [
        request
        for request in (
            *(
                Request(action, f"arn:aws:s3:::{bucket['bucket']}/{folder}orders.csv")
                for bucket in stack.all("Bucket")
                for folder in ("", "results/", "backup/", "smoke/")
                for action in ("s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectAttributes")
            ),
            Request("secretsmanager:GetSecretValue", stack.outputs["database_secret_arn"]),
            Request(
                "secretsmanager:GetSecretValue",
                f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:rds!db-1-GhIjKl",
            ),
            Request("lambda:InvokeFunction", stack.outputs["function_arn"]),
            Request("sqs:ReceiveMessage", f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}-0a1b2c3"),
            Request("rds-data:ExecuteStatement", f"arn:aws:rds:{REGION}:{ACCOUNT}:cluster:{database}"),
            Request("rds-db:connect", f"arn:aws:rds-db:{REGION}:{ACCOUNT}:dbuser:db-1/postgres"),
            Request("rds:DownloadDBLogFilePortion", f"arn:aws:rds:{REGION}:{ACCOUNT}:db:{database}-0a1b2c3"),
            Request("logs:GetLogEvents", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{_log(environment)}:*"),
            Request("logs:FilterLogEvents", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{_log(environment)}"),
            Request("logs:StartQuery", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{_log(environment)}"),
            Request("ec2:DescribeInstanceAttribute", "*"),
        )
        if allows(own, request)
    ]
    assert seen == []


def test_whoever_reads_sees_one_environment_only_but_for_lists_of_all(
    environments: dict[str, Environment], reader: str
) -> None:
    own = environments["dev"].bootstrap.roles[reader].documents
    seen = [
        f"{kind}: {request.action} on {request.resource}"
        for kind, request in needed(environments["prod"].program, "read")
        if request.resource != "*" and allows(own, request)
    ]
    assert seen == []


def test_whoever_reads_can_read_the_state_of_its_environment_and_no_other(
    environments: dict[str, Environment], reader: str
) -> None:
    dev, prod = environments["dev"].bootstrap, environments["prod"].bootstrap
    own = dev.roles[reader].documents
    for bootstrap, expected in ((dev, True), (prod, False)):
        state = f"arn:aws:s3:::{bootstrap.names['State']}"
        key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{bootstrap.names['Key']}"
        assert allows(own, Request("s3:ListBucket", state)) == expected
        assert allows(own, Request("s3:GetObject", f"{state}/.pulumi/stacks/x.json")) == expected
        assert allows(own, Request("kms:Decrypt", key)) == expected
        assert not allows(own, Request("s3:PutObject", f"{state}/.pulumi/stacks/x.json"))


def _log(environment: Environment) -> str:
    return str(environment.program.outputs["log_group"])
