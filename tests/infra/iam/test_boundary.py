"""The permissions boundary: on every role, wide enough for all that the functions do, and no wider than the stack."""

import json
from collections.abc import Iterator

import pytest

from tests.infra.conftest import Environment
from tests.infra.support.evaluator import Request, allows
from tests.infra.support.program import ACCOUNT, REGION, Program, run, stack_config


def test_every_role_is_within_the_configured_boundary(environment: Environment) -> None:
    roles = environment.program.all("Role")
    assert len(roles) >= 3
    boundary = environment.bootstrap.outputs["PermissionsBoundary"]
    assert {each.name: each["permissionsBoundary"] for each in roles} == dict.fromkeys(
        (each.name for each in roles), boundary
    )


def test_without_one_no_role_has_any(dev: Program) -> None:
    assert all("permissionsBoundary" not in each.inputs for each in dev.all("Role"))


def test_the_boundary_changes_nothing_else(dev: Program) -> None:
    boundary = "arn:aws:iam::aws:policy/PowerUserAccess"
    bounded = run("dev", stack_config("Pulumi.dev.yaml", permissionsBoundary=boundary))
    before = {each.urn: each.inputs for each in dev.resources}
    changed = {each.urn for each in bounded.resources if each.inputs != before[each.urn]}
    assert changed == {each.urn for each in bounded.all("Role")}


def _granted(program: Program) -> Iterator[Request]:
    """All that the functions' own policies allow."""
    for policy in program.all("RolePolicy"):
        for statement in json.loads(policy["policy"])["Statement"]:
            for action in statement["Action"]:
                for resource in statement["Resource"]:
                    yield Request(action, resource, _tags(program) if action.startswith("kms:") else {})


def _tags(program: Program) -> dict[str, str]:
    """Those of the key."""
    tags = json.loads(program.one("pulumi:providers:aws")["defaultTags"])["tags"]
    return {f"aws:ResourceTag/{name}": value for name, value in tags.items()}


def test_all_that_the_functions_do_is_within_the_boundary(environment: Environment) -> None:
    granted = list(_granted(environment.program))
    assert len(granted) > 30
    refused = [each for each in granted if not allows([environment.bootstrap.boundary], each)]
    assert refused == []


def test_the_boundary_has_no_action_that_no_function_takes(environments: dict[str, Environment]) -> None:
    """With every option: a key, and flow logs."""
    environment = environments["prod"]
    taken = {each.action for each in _granted(environment.program)}
    allowed = {
        action
        for statement in environment.bootstrap.boundary["Statement"]
        for action in (
            statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        )
    }
    assert allowed == taken


def test_a_topic_that_its_owner_encrypts_is_within_the_boundary(environment: Environment) -> None:
    """With a key of another account too; and the key opens nothing but messages."""
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        for service, expected in (("sns", True), ("s3", False), ("secretsmanager", False)):
            via = {"kms:ViaService": f"{service}.{REGION}.amazonaws.com"}
            request = Request(action, f"arn:aws:kms:{REGION}:111122223333:key/1", via)
            assert allows([environment.bootstrap.boundary], request) == expected


OUTSIDE = [
    Request("iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/csv-pipeline-dev-worker-0a1b2c3"),
    Request("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/csv-pipeline-dev-worker-0a1b2c3"),
    Request("iam:CreateAccessKey", f"arn:aws:iam::{ACCOUNT}:user/somebody"),
    Request("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/admin"),
    Request(
        "lambda:UpdateFunctionCode", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:csv-pipeline-dev-worker"
    ),
    Request("lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:another"),
    Request("lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:csv-pipeline-prod-worker"),
    Request("s3:GetObject", "arn:aws:s3:::another/x"),
    Request("s3:GetObject", "arn:aws:s3:::candidate-test-input-2/x"),
    Request("s3:DeleteObject", "arn:aws:s3:::candidate-test-backup/backup/x"),
    Request("s3:DeleteObjectVersion", "arn:aws:s3:::candidate-test-backup/backup/x"),
    Request("s3:PutBucketPolicy", "arn:aws:s3:::candidate-test-input"),
    Request(
        "secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:another-AbCdEf"
    ),
    Request("sns:Publish", f"arn:aws:sns:{REGION}:{ACCOUNT}:another"),
    Request(
        "sqs:ReceiveMessage", f"arn:aws:sqs:{REGION}:{ACCOUNT}:csv-pipeline-dev-worker-dead-letters-0a1b2c3"
    ),
    Request("sqs:SendMessage", f"arn:aws:sqs:{REGION}:{ACCOUNT}:another"),
    Request("logs:PutLogEvents", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/another:*"),
    Request("ec2:RunInstances", "*"),
    Request("kms:Decrypt", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"),
]


@pytest.mark.parametrize("request_", OUTSIDE, ids=lambda each: f"{each.action} {each.resource}")
def test_no_role_of_the_program_can_do_more(environments: dict[str, Environment], request_: Request) -> None:
    assert not allows([environments["dev"].bootstrap.boundary], request_)
