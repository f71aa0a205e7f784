"""The role that deploys: it can do what a deployment takes, and cannot become more than it is."""

from collections.abc import Iterator

import pytest

from tests.infra.conftest import Environment
from tests.infra.support.calls import TABLE, needed
from tests.infra.support.calls.call import Phase
from tests.infra.support.evaluator import Request, allows
from tests.infra.support.program import ACCOUNT, REGION

# Beside what resources take: Pulumi's state, and `pipeline smoke` and `pipeline releases` after a deployment.
STATE = {"s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "kms:Decrypt", "kms:Encrypt"}
COMMANDS = {
    "s3:DeleteObjectVersion",
    "s3:ListBucketVersions",
    "ecr:DescribeImages",
    "ecr:DescribeImageScanFindings",
}


def documents(environment: Environment) -> list[dict[str, object]]:
    return environment.bootstrap.roles["Deploy"].documents


def test_every_type_of_resource_has_its_calls_and_no_other_has(environments: dict[str, Environment]) -> None:
    types = {
        resource.type
        for environment in environments.values()
        for resource in environment.program.resources
        if resource.custom
    }
    assert types == TABLE.keys()


@pytest.mark.parametrize("phase", ["read", "make", "change"])
def test_the_deploy_role_can_do_all_that_resources_take(environment: Environment, phase: Phase) -> None:
    asked = list(needed(environment.program, phase))
    assert len(asked) > 100
    refused = [
        f"{kind}: {request.action} on {request.resource}"
        for kind, request in asked
        if not allows(documents(environment), request) and request.action != "sts:GetCallerIdentity"
    ]
    assert refused == []


def test_the_deploy_role_can_do_nothing_that_no_resource_takes(environments: dict[str, Environment]) -> None:
    taken = {
        request.action
        for environment in environments.values()
        for _, request in needed(environment.program, "read", "make", "change")
    }
    allowed = {
        action
        for statement in _statements(environments["dev"])
        if statement["Effect"] == "Allow"
        for action in _list(statement["Action"])
        if action not in taken | STATE | COMMANDS
    }
    assert allowed == {"s3:GetBucket*"}  # reads configuration only; each of them by name would fill a page


def test_all_that_the_role_may_change_is_named_after_its_environment(environment: Environment) -> None:
    """But for the network, whose things are told by their tags, and for what AWS names itself."""
    for statement in _statements(environment):
        if not _reads(statement) and "Condition" not in statement:
            for resource in _list(statement["Resource"]):
                assert any(word in resource for word in _names(environment)), statement.get("Sid")


def _names(environment: Environment) -> list[str]:
    stack, names = environment.program.one("Dashboard")["dashboardName"], environment.bootstrap.names
    buckets = [f":s3:::{environment.program.outputs['input_bucket'].removesuffix('-input')}-"]
    by_aws = [":secret:rds!db-", ":og:default:", ":pg:default.", ":kms:", ":route53:"]
    ec2 = [f":ec2:{REGION}:"]
    topic = [environment.program.outputs["topic_arn"]]
    return [
        f"{stack}-",
        f"{stack}/database-",
        f"dashboard/{stack}",
        names["State"],
        *buckets,
        *by_aws,
        *ec2,
        *topic,
    ]


def test_one_environment_can_change_nothing_of_another(environments: dict[str, Environment]) -> None:
    own = documents(environments["dev"])
    reached = [
        f"{kind}: {request.action} on {request.resource}"
        for kind, request in needed(environments["prod"].program, "change")
        if allows(own, request) and not request.resource.startswith(_SHARED)
    ]
    assert reached == []


# Defaults of RDS that every database names, interfaces that Lambda left behind, and lists of AWS's own addresses.
_SHARED = (
    f"arn:aws:rds:{REGION}:{ACCOUNT}:pg:default.",
    f"arn:aws:rds:{REGION}:{ACCOUNT}:og:default:",
    f"arn:aws:ec2:{REGION}:{ACCOUNT}:network-interface/",
    f"arn:aws:ec2:{REGION}:aws:prefix-list/",
)


def test_the_deploy_role_deletes_no_object_but_those_of_a_smoke_test(environment: Environment) -> None:
    own = documents(environment)
    for bucket in environment.program.all("Bucket"):
        folder = {"input": "", "output": "results/", "backup": "backup/", "logs": None}[bucket.name]
        if folder is None:
            assert not allows(own, Request("s3:DeleteObject", f"arn:aws:s3:::{bucket['bucket']}/input/x"))
            continue
        for action in ("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:GetObject"):
            smoke, other = (
                Request(action, f"arn:aws:s3:::{bucket['bucket']}/{folder}{key}")
                for key in ("smoke/2025-09-02_14-30-00_0a1b2c3d.csv", "orders.csv")
            )
            assert allows(own, smoke), smoke
            assert not allows(own, other), other


def test_the_deploy_role_can_neither_unlock_a_backup_nor_delete_or_use_the_key(
    environment: Environment,
) -> None:
    anything = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    own: list[dict[str, object]] = [*documents(environment), {**anything}]
    backup = f"arn:aws:s3:::{environment.program.outputs['backup_bucket']}/backup/smoke/orders.csv"
    for action in ("s3:BypassGovernanceRetention", "s3:PutObjectRetention"):
        assert not allows(own, Request(action, backup))  # whatever else it were given
    stack = environment.program.one("Dashboard")["dashboardName"].rpartition("-")[2]
    tags = {"aws:ResourceTag/Project": "csv-pipeline", "aws:ResourceTag/Stack": stack}
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
    for action in ("kms:Decrypt", "kms:CreateGrant", "kms:ScheduleKeyDeletion", "kms:DisableKey"):
        assert not allows(documents(environment), Request(action, key, tags)), action


def _statements(environment: Environment) -> Iterator[dict[str, object]]:
    for document in environment.bootstrap.roles["Deploy"].documents:
        yield from document["Statement"]


def _reads(statement: dict[str, object]) -> bool:
    words = ("Get", "List", "Describe", "Validate")
    return all(action.partition(":")[2].startswith(words) for action in _list(statement["Action"]))


def _list(value: object) -> list[str]:
    return value if isinstance(value, list) else [str(value)]
