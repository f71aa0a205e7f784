"""The policy pack: `pulumi preview --policy-pack policy` and `pulumi up --policy-pack policy`.

A rule is a pure function of one resource: it yields a sentence for each thing that is wrong. The rules hold
for whatever is added to the stack later, so they know nothing of its components.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)

Rule = Callable[[ResourceValidationArgs], Iterator[str]]
_NO_ARN = ("ec2:", "xray:")  # services that offer none for what a function's role needs
_ANYWHERE = {"0.0.0.0/0", "::/0"}
_HOLDS_DATA = {
    "aws:ecr/repository:Repository",
    "aws:rds/instance:Instance",
    "aws:secretsmanager/secret:Secret",
    "aws:sqs/queue:Queue",
}
_NO_GUARD = "aws:s3/bucketNotification:"  # of all that belongs to a bucket, it alone protects no object


def encryption_at_rest(args: ResourceValidationArgs) -> Iterator[str]:
    """Databases, queues, disks and file systems are encrypted, and so is what a bucket holds."""
    flags = {
        "aws:rds/instance:Instance": "storageEncrypted",
        "aws:sqs/queue:Queue": "sqsManagedSseEnabled",
        "aws:ebs/volume:Volume": "encrypted",
        "aws:efs/fileSystem:FileSystem": "encrypted",
    }
    flag = flags.get(args.resource_type)
    if flag and not (args.props.get(flag) or args.props.get("kmsMasterKeyId")):
        yield f"{flag} must be true"
    if args.resource_type.endswith(":BucketServerSideEncryptionConfiguration") and not args.props.get(
        "rules"
    ):
        yield "a bucket needs a rule that encrypts"


def no_public_buckets(args: ResourceValidationArgs) -> Iterator[str]:
    """All four blocks of public access are on, and no ACL is used."""
    if args.resource_type.endswith(":BucketPublicAccessBlock"):
        flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
        yield from (f"{flag} must be true" for flag in flags if args.props.get(flag) is not True)
    if args.resource_type.endswith(":BucketAcl") or args.props.get("acl"):
        yield "ACLs are not used: BucketOwnerEnforced"


def buckets_over_tls_only(args: ResourceValidationArgs) -> Iterator[str]:
    """A bucket's policy denies what comes without TLS."""
    if args.resource_type.endswith(":BucketPolicy"):
        denied = [each for each in _statements(args.props["policy"]) if each["Effect"] == "Deny"]
        if not any("aws:SecureTransport" in json.dumps(each.get("Condition", {})) for each in denied):
            yield "a bucket's policy must deny requests without aws:SecureTransport"


def buckets_keep_versions(args: ResourceValidationArgs) -> Iterator[str]:
    """What is overwritten or deleted in a bucket can be had back."""
    if args.resource_type.endswith(":BucketVersioning"):
        status = (args.props.get("versioningConfiguration") or {}).get("status")
        if status != "Enabled":
            yield "versioningConfiguration.status must be Enabled"


def images_are_looked_through(args: ResourceValidationArgs) -> Iterator[str]:
    """A registry looks for known vulnerabilities in what is pushed."""
    scanning = args.props.get("imageScanningConfiguration") or {}
    if args.resource_type == "aws:ecr/repository:Repository" and not scanning.get("scanOnPush"):
        yield "imageScanningConfiguration.scanOnPush must be true"


def no_wildcard_permissions(args: ResourceValidationArgs) -> Iterator[str]:
    """No role may do everything of a service, nor anything to everything."""
    if args.resource_type not in {"aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy"}:
        return
    for statement in _statements(args.props["policy"]):
        actions, resources = _list(statement["Action"]), _list(statement["Resource"])
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


def logs_are_forgotten(args: ResourceValidationArgs) -> Iterator[str]:
    """A log group without a retention is kept, and paid for, for ever."""
    if args.resource_type == "aws:cloudwatch/logGroup:LogGroup" and not args.props.get("retentionInDays"):
        yield "retentionInDays must be set"


def everything_is_tagged(args: ResourceValidationArgs) -> Iterator[str]:
    """Resources come from a provider that tags them with Project and Stack."""
    if args.resource_type == "pulumi:providers:aws":
        tags = _json(args.props.get("defaultTags") or {}).get("tags", {})
        yield from (f"the provider must tag {name}" for name in ("Project", "Stack") if name not in tags)


def databases_stay_private(args: ResourceValidationArgs) -> Iterator[str]:
    """No public address, and no password that somebody has to keep."""
    if args.resource_type == "aws:rds/instance:Instance":
        if args.props.get("publiclyAccessible"):
            yield "publiclyAccessible must be false"
        if args.props.get("password") or not args.props.get("manageMasterUserPassword"):
            yield "RDS must manage the master password"


def production_is_protected(args: ResourceValidationArgs) -> Iterator[str]:
    """In a stack called prod, what holds data refuses deletion, and so does all that protects a bucket."""
    if args.urn.split("::")[0].removeprefix("urn:pulumi:") != "prod":
        return
    of_bucket = args.resource_type.startswith("aws:s3/bucket") and not args.resource_type.startswith(
        _NO_GUARD
    )
    if (args.resource_type in _HOLDS_DATA or of_bucket) and not args.opts.protect:
        yield "must be protected in production"
    if args.resource_type == "aws:rds/instance:Instance" and not args.props.get("deletionProtection"):
        yield "deletionProtection must be true in production"


def nobody_comes_in_from_anywhere(args: ResourceValidationArgs) -> Iterator[str]:
    """No security group is open to the world, by separate rules or by its own."""
    inline = args.props.get("ingress") or []
    rules = [args.props] if args.resource_type.endswith(":SecurityGroupIngressRule") else inline
    for rule in rules:
        ranges = {rule.get("cidrIpv4"), rule.get("cidrIpv6"), *(rule.get("cidrBlocks") or [])}
        if ranges & _ANYWHERE:
            yield "ingress from anywhere"


def functions_run_known_images(args: ResourceValidationArgs) -> Iterator[str]:
    """A tag may be moved; a digest may not."""
    uri = args.props.get("imageUri") if args.resource_type == "aws:lambda/function:Function" else None
    if uri and "@sha256:" not in uri:
        yield "imageUri must name a digest"


RULES: tuple[Rule, ...] = (
    encryption_at_rest,
    no_public_buckets,
    buckets_over_tls_only,
    buckets_keep_versions,
    images_are_looked_through,
    no_wildcard_permissions,
    no_administrators,
    logs_are_forgotten,
    everything_is_tagged,
    databases_stay_private,
    production_is_protected,
    nobody_comes_in_from_anywhere,
    functions_run_known_images,
)


def _statements(policy: Any) -> list[dict[str, Any]]:
    return _list(_json(policy)["Statement"])


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _policy(rule: Rule) -> ResourceValidationPolicy:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        for sentence in rule(args):
            report(f"{args.name}: {sentence}", None)

    return ResourceValidationPolicy(
        name=rule.__name__.replace("_", "-"),
        description=(rule.__doc__ or "").strip(),
        validate=validate,
        enforcement_level=EnforcementLevel.MANDATORY,
    )


if __name__ == "__main__":
    PolicyPack("csv-pipeline", [_policy(rule) for rule in RULES])
