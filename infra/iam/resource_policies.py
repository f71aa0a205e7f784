"""Policies of resources, as pure functions of ARNs and accounts: who may come in, and from where.

What no statement allows, nobody of another account can do: the secret has no such policy.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from infra.iam.policies import Statement, allow, document

_DELIVERY = "logging.s3.amazonaws.com"  # "Permissions for log delivery", S3 user guide


def bucket(arn: str, account: str, uploaders: Sequence[str] = ()) -> str:
    """A data bucket: this account alone, and over TLS 1.2 or newer; `uploaders` may put objects, and no more.

    AWS's own services are left out of the denial, as they have no account: none is allowed anything here.
    """
    return document(*_closed(arn, [account, *uploaders]), *_uploads(arn, uploaders))


def access_logs(arn: str, account: str, sources: Sequence[str]) -> str:
    """The bucket of access logs: S3 writes those of `sources`, this account's buckets, into it."""
    return document(
        *_closed(arn, [account]),
        allow(
            ("s3:PutObject",),
            f"{arn}/*",
            Sid="AccessLogs",
            Principal={"Service": _DELIVERY},
            Condition={
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {"aws:SourceArn": list(sources)},
            },
        ),
    )


def _closed(arn: str, accounts: Sequence[str]) -> tuple[Statement, ...]:
    everything = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [arn, f"{arn}/*"]}
    others: Mapping[str, Any] = {
        "StringNotEquals": {"aws:PrincipalAccount": list(accounts)},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }
    return (
        everything | {"Sid": "Tls", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        everything | {"Sid": "RecentTls", "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}},
        everything | {"Sid": "OtherAccounts", "Condition": others},
    )


def _uploads(arn: str, uploaders: Sequence[str]) -> tuple[Statement, ...]:
    principals = [f"arn:aws:iam::{account}:root" for account in uploaders]
    actions = ("s3:AbortMultipartUpload", "s3:PutObject")
    return (allow(actions, f"{arn}/*", Sid="Uploads", Principal={"AWS": principals}),) if uploaders else ()


def topic(topic_arn: str, account: str) -> str:
    """Topic policy: alarms of this account may publish; plain HTTP is denied. Roles need no statement."""
    return document(
        allow(
            ("sns:Publish",),
            topic_arn,
            Sid="Alarms",
            Principal={"Service": "cloudwatch.amazonaws.com"},
            Condition={"StringEquals": {"aws:SourceAccount": account}},
        ),
        {
            "Sid": "Tls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": topic_arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    )


def dead_letters(queue: str, rule: str, account: str) -> str:
    """Queue policy: one rule of EventBridge may send. Roles of this account need no statement."""
    return document(
        allow(
            ("sqs:SendMessage",),
            queue,
            Sid="FailedExecutions",
            Principal={"Service": "events.amazonaws.com"},
            Condition={"ArnLike": {"aws:SourceArn": rule}, "StringEquals": {"aws:SourceAccount": account}},
        )
    )


def through_endpoint(actions: Sequence[str], account: str, *resources: str, own: bool = False) -> str:
    """Policy of a VPC endpoint: the roles of this account may do this, to these, at most.

    Args:
        actions: what may be done.
        account: whose roles.
        resources: to what; ARNs.
        own: whether the resources are this account's, too: a bucket's ARN does not say whose it is.
    """
    accounts = {"aws:PrincipalAccount": account} | ({"aws:ResourceAccount": account} if own else {})
    return document(allow(actions, *resources, Principal="*", Condition={"StringEquals": accounts}))
