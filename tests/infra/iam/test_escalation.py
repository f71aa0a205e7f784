"""Ways in which the role that deploys could become more than it is: each is refused."""

import pytest

from tests.infra.conftest import Environment
from tests.infra.support.evaluator import Request, allows
from tests.infra.support.program import ACCOUNT, REGION

OWN = f"arn:aws:iam::{ACCOUNT}:role/csv-pipeline-dev-worker-0a1b2c3"
BOUNDARY = "iam:PermissionsBoundary"
ESCALATIONS = {
    "a role without the boundary": ("iam:CreateRole", OWN, {}),
    "a role within another boundary": (
        "iam:CreateRole",
        OWN,
        {BOUNDARY: "arn:aws:iam::aws:policy/AdministratorAccess"},
    ),
    "a role of another name": ("iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/admin", {BOUNDARY: "{own}"}),
    "a policy for a role without the boundary": ("iam:PutRolePolicy", OWN, {}),
    "AdministratorAccess for a role": ("iam:AttachRolePolicy", OWN, {BOUNDARY: "{own}"}),
    "no boundary any more": ("iam:DeleteRolePermissionsBoundary", OWN, {}),
    "another boundary": (
        "iam:PutRolePermissionsBoundary",
        OWN,
        {BOUNDARY: "arn:aws:iam::aws:policy/AdministratorAccess"},
    ),
    "a wider boundary": ("iam:CreatePolicyVersion", "{own}", {}),
    "an earlier version of the boundary": ("iam:SetDefaultPolicyVersion", "{own}", {}),
    "the boundary made anew": ("iam:DeletePolicy", "{own}", {}),
    "a policy for itself": ("iam:PutRolePolicy", "{deploy}", {}),
    "a policy for itself, as if within the boundary": ("iam:PutRolePolicy", "{deploy}", {BOUNDARY: "{own}"}),
    "a managed policy for itself": ("iam:AttachRolePolicy", "{deploy}", {}),
    "trust in somebody else for itself": ("iam:UpdateAssumeRolePolicy", "{deploy}", {}),
    "itself passed to a function": (
        "iam:PassRole",
        "{deploy}",
        {"iam:PassedToService": "lambda.amazonaws.com"},
    ),
    "a role passed to EC2": ("iam:PassRole", OWN, {"iam:PassedToService": "ec2.amazonaws.com"}),
    "a role passed to CloudFormation": (
        "iam:PassRole",
        OWN,
        {"iam:PassedToService": "cloudformation.amazonaws.com"},
    ),
    "a role of another service": (
        "iam:CreateServiceLinkedRole",
        f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
        {"iam:AWSServiceName": "ecs.amazonaws.com"},
    ),
    "a user": ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/csv-pipeline-dev-me", {}),
    "an access key": ("iam:CreateAccessKey", f"arn:aws:iam::{ACCOUNT}:user/csv-pipeline-dev-me", {}),
    "another identity provider": (
        "iam:CreateOpenIDConnectProvider",
        f"arn:aws:iam::{ACCOUNT}:oidc-provider/example.com",
        {},
    ),
    "its bootstrap changed": (
        "cloudformation:UpdateStack",
        f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/bootstrap-dev/1",
        {},
    ),
    "a role taken on": ("sts:AssumeRole", OWN, {}),
    "its tags on an instance": ("ec2:CreateTags", f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-1", {}),
    "its tags on a network of another stack": (
        "ec2:CreateTags",
        f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/vpc-1",
        {"aws:ResourceTag/Project": "csv-pipeline", "aws:ResourceTag/Stack": "prod"},
    ),
    "a network without its tags": ("ec2:DeleteVpc", f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/vpc-1", {}),
    "an instance with a role": ("ec2:RunInstances", f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/*", {}),
}


@pytest.mark.parametrize("attempt", ESCALATIONS)
def test_the_deploy_role_cannot_get(environments: dict[str, Environment], attempt: str) -> None:
    bootstrap = environments["dev"].bootstrap
    values = {"own": bootstrap.outputs["PermissionsBoundary"], "deploy": bootstrap.roles["Deploy"].arn}
    action, resource, context = ESCALATIONS[attempt]
    request = Request(
        action,
        resource.format(**values),
        {key: value.format(**values) for key, value in context.items()},
    )
    assert not allows(bootstrap.roles["Deploy"].documents, request)
