"""Buckets are private, keep what they held, and are talked to over TLS."""

import json
from collections.abc import Iterator

from pulumi_policy import ResourceValidationArgs

from policy.rules.documents import statements


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
        denied = [each for each in statements(args.props["policy"]) if each["Effect"] == "Deny"]
        if not any("aws:SecureTransport" in json.dumps(each.get("Condition", {})) for each in denied):
            yield "a bucket's policy must deny requests without aws:SecureTransport"


def buckets_keep_versions(args: ResourceValidationArgs) -> Iterator[str]:
    """What is overwritten or deleted in a bucket can be had back."""
    if args.resource_type.endswith(":BucketVersioning"):
        status = (args.props.get("versioningConfiguration") or {}).get("status")
        if status != "Enabled":
            yield "versioningConfiguration.status must be Enabled"


def buckets_for_this_account_only(args: ResourceValidationArgs) -> Iterator[str]:
    """A bucket's policy denies what comes from accounts that it does not name."""
    if args.resource_type.endswith(":BucketPolicy"):
        denied = [each for each in statements(args.props["policy"]) if each["Effect"] == "Deny"]
        if not any("aws:PrincipalAccount" in json.dumps(each.get("Condition", {})) for each in denied):
            yield "a bucket's policy must deny other accounts (aws:PrincipalAccount)"


def locks_are_for_days(args: ResourceValidationArgs) -> Iterator[str]:
    """Where backups are locked, there is a retention, and an administrator can still lift it."""
    if args.resource_type.endswith(":BucketObjectLockConfiguration"):
        retention = (args.props.get("rule") or {}).get("defaultRetention") or {}
        if not retention.get("days") or retention.get("mode") != "GOVERNANCE":
            yield "rule.defaultRetention must be some days of GOVERNANCE"


RULES = (
    no_public_buckets,
    buckets_over_tls_only,
    buckets_for_this_account_only,
    buckets_keep_versions,
    locks_are_for_days,
)
