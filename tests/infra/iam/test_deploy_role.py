"""The role that deploys: it can do what a deployment takes, and cannot become more than it is."""

from collections.abc import Iterator
from itertools import product

import pytest

from tests.infra.conftest import Environment
from tests.infra.iam.test_smoke_permissions import INPUT, documented
from tests.infra.support.calls import TABLE, needed
from tests.infra.support.calls.call import Phase
from tests.infra.support.evaluator import Request, allows
from tests.infra.support.program import ACCOUNT, REGION, Program

# Beside what resources take: Pulumi's state, and `pipeline smoke` and `pipeline releases` after a deployment.
STATE = {"s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "kms:Decrypt", "kms:Encrypt"}
COMMANDS = {"s3:DeleteObjectVersion", "s3:ListBucketVersions", "ecr:DescribeImages"}


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
    buckets = [f":s3:::{bucket['bucket']}" for bucket in environment.program.all("Bucket")]
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
        folder = {"input": "", "output": "results/", "backup": "backup/"}[bucket.name]
        for action in ("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:GetObject"):
            smoke, other = (
                Request(action, f"arn:aws:s3:::{bucket['bucket']}/{folder}{key}")
                for key in ("smoke/2025-09-02_14-30-00_0a1b2c3d.csv", "orders.csv")
            )
            assert allows(own, smoke), smoke
            assert not allows(own, other), other


def test_the_deploy_role_may_do_what_the_document_lists_for_the_smoke_test(
    environments: dict[str, Environment],
) -> None:
    environment = environments["dev"]
    listed = documented(environment.program.outputs["operator_function_name"])
    prefix = environment.program.outputs["input_bucket"].removesuffix("-input")
    for statement in listed["Statement"]:
        for action, resource in product(statement["Action"], statement["Resource"]):
            here = resource.replace(INPUT.removesuffix("-input"), prefix)
            assert allows(documents(environment), Request(action, here.replace("*", "0.csv"))), (action, here)


def _commands(program: Program) -> Iterator[Request]:
    """What `pipeline smoke` and `pipeline releases` ask AWS for, beside the objects above."""
    bucket = f"arn:aws:s3:::{program.outputs['input_bucket']}"
    yield Request("s3:PutObject", f"{bucket}/smoke/2025-09-02_14-30-00_0a1b2c3d.csv")
    yield Request("s3:GetBucketNotification", bucket)
    for each in program.all("Bucket"):
        yield Request("s3:ListBucketVersions", f"arn:aws:s3:::{each['bucket']}")
    for each in program.all("Function"):
        for action in ("lambda:InvokeFunction", "lambda:GetFunction"):
            yield Request(action, f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{each['name']}")
    repository = program.outputs["repository_url"].partition("/")[2]
    yield Request("ecr:DescribeImages", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{repository}")


def test_the_commands_after_a_deployment_can_be_run_with_the_deploy_role_of_the_stack_alone(
    environments: dict[str, Environment],
) -> None:
    own = documents(environments["dev"])
    for name, expected in (("dev", True), ("prod", False)):
        for request in _commands(environments[name].program):
            assert allows(own, request) == expected, request
    bucket = environments["dev"].program.outputs["input_bucket"]
    assert not allows(own, Request("s3:PutObject", f"arn:aws:s3:::{bucket}/orders.csv"))


def test_the_deploy_role_keeps_the_state_of_its_environment_and_no_other(
    environments: dict[str, Environment],
) -> None:
    own = documents(environments["dev"])
    for name, expected in (("dev", True), ("prod", False)):
        names = environments[name].bootstrap.names
        state, key = f"arn:aws:s3:::{names['State']}", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{names['Key']}"
        assert allows(own, Request("s3:ListBucket", state)) == expected
        for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"):
            assert allows(own, Request(action, f"{state}/.pulumi/stacks/x.json")) == expected
        for action in ("kms:Encrypt", "kms:Decrypt"):
            assert allows(own, Request(action, key)) == expected
        assert not allows(own, Request("s3:DeleteObjectVersion", f"{state}/.pulumi/stacks/x.json"))


def _statements(environment: Environment) -> Iterator[dict[str, object]]:
    for document in environment.bootstrap.roles["Deploy"].documents:
        yield from document["Statement"]


def _reads(statement: dict[str, object]) -> bool:
    words = ("Get", "List", "Describe")
    return all(action.partition(":")[2].startswith(words) for action in _list(statement["Action"]))


def _list(value: object) -> list[str]:
    return value if isinstance(value, list) else [str(value)]
