"""Roles can do little, within a boundary, and only known services and accounts come in."""

import json
from collections.abc import Iterator

from pulumi_policy import ResourceValidationArgs

from policy.rules.documents import as_list, statements
from policy.rules.stacks import is_production

# For what the roles of functions and of a state machine need, AWS offers no ARN.
_NO_ARN = (
    *("ec2:", "xray:"),
    *("logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery"),
    *("logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:ListLogDeliveries"),
    "logs:PutResourcePolicy",
)
_OF_RESOURCES = (":BucketPolicy", ":QueuePolicy", ":TopicPolicy", ":SecretPolicy", "kms/key:Key")
_ACCOUNTS = ("aws:PrincipalAccount", "aws:SourceAccount", "kms:EncryptionContext")


def no_wildcard_permissions(args: ResourceValidationArgs) -> Iterator[str]:
    """No role may do everything of a service, nor anything to everything."""
    if args.resource_type not in {"aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy"}:
        return
    for statement in statements(args.props["policy"]):
        actions, resources = as_list(statement["Action"]), as_list(statement["Resource"])
        yield from (f"{action} allows too much" for action in actions if "*" in action)
        if "*" in resources:
            wide = [action for action in actions if not action.startswith(_NO_ARN)]
            yield from (f"{action} must name its resources" for action in wide)


def no_administrators(args: ResourceValidationArgs) -> Iterator[str]:
    """Roles have policies of ours, not AWS's sweeping ones."""
    if args.resource_type.endswith(":RolePolicyAttachment"):
        arn = str(args.props["policyArn"])
        if arn.rpartition("/")[2] in {"AdministratorAccess", "PowerUserAccess"} or arn.endswith("FullAccess"):
            yield f"{arn} allows too much"


def roles_within_a_boundary(args: ResourceValidationArgs) -> Iterator[str]:
    """In a stack called prod, no role can do more than its permissions boundary allows."""
    bounded = args.resource_type != "aws:iam/role:Role" or args.props.get("permissionsBoundary")
    if is_production(args) and not bounded:
        yield "permissionsBoundary must be set in production"


def nobody_unnamed_comes_in(args: ResourceValidationArgs) -> Iterator[str]:
    """A resource's policy that lets everybody, or a service, in says of which account."""
    if not args.resource_type.endswith(_OF_RESOURCES) or not args.props.get("policy"):
        return  # a key without one has KMS's own, for this account
    for statement in statements(args.props["policy"]):
        principal = statement["Principal"]
        wide = principal == "*" or "Service" in principal or "*" in as_list(principal.get("AWS", []))
        said = json.dumps(statement.get("Condition", {}))
        if statement["Effect"] == "Allow" and wide and not any(each in said for each in _ACCOUNTS):
            yield "a policy that lets a service or everybody in must name the account"


RULES = (
    no_wildcard_permissions,
    no_administrators,
    roles_within_a_boundary,
    nobody_unnamed_comes_in,
)
