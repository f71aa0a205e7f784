"""The policy of the stack's own key: what may use it, and for what.

A role of the account needs leave in its own policy as well, but for the functions'. Nobody, not even an
administrator, can decrypt with the key directly: only what a service holds, and that service asks for it.
Source: the pages on permissions for customer managed keys of CloudWatch, CloudWatch Logs, Lambda, RDS, S3,
Secrets Manager, SNS and SQS, and of EventBridge for queues that are encrypted.
"""

from collections.abc import Sequence

from infra.iam.policies import Statement, allow, document

_ADMINISTER = (
    "kms:CancelKeyDeletion",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateKeyDescription",
)
_USE = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext")
_SERVICES = ("lambda", "rds", "s3", "secretsmanager", "sns", "sqs")


def key_policy(name: str, region: str, account: str, uploaders: Sequence[str] = ()) -> str:
    """The key's policy.

    Args:
        name: what the names of the stack's roles and logs begin with.
        region: where the services are.
        account: whose roles, alarms and logs they are.
        uploaders: accounts whose uploads S3 encrypts with the key.
    """
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    via = [f"{service}.{region}.amazonaws.com" for service in _SERVICES]
    functions = f"arn:aws:iam::{account}:role/{name}-*"
    return document(
        allow(_ADMINISTER, "*", Sid="Administration", Principal=root),
        allow(
            (*_USE, "kms:ReEncryptFrom", "kms:ReEncryptTo"),
            "*",
            Sid="ThroughServices",
            Principal=root,
            Condition={"StringEquals": {"kms:ViaService": via}},
        ),
        allow(
            ("kms:CreateGrant",),
            "*",
            Sid="GrantsToServices",
            Principal=root,
            Condition={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
        # Lambda decrypts a function's environment as the function.
        allow(
            ("kms:Decrypt", "kms:GenerateDataKey"),
            "*",
            Sid="Functions",
            Principal=root,
            Condition={"ArnLike": {"aws:PrincipalArn": functions}},
        ),
        _messages(account),
        _logs(name, region, account),
        *_uploads(region, uploaders),
    )


def _messages(account: str) -> Statement:
    """Alarms to the topic, and failed executions to the dead-letter queue."""
    return allow(
        ("kms:Decrypt", "kms:GenerateDataKey"),
        "*",
        Sid="Messages",
        Principal={"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"]},
        Condition={"StringEquals": {"aws:SourceAccount": account}},
    )


def _logs(name: str, region: str, account: str) -> Statement:
    kinds = ("lambda", "vendedlogs/states", "vpc")
    groups = [f"arn:aws:logs:{region}:{account}:log-group:/aws/{kind}/{name}-*" for kind in kinds]
    return allow(
        (*_USE, "kms:DescribeKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"),
        "*",
        Sid="Logs",
        Principal={"Service": f"logs.{region}.amazonaws.com"},
        Condition={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    )


def _uploads(region: str, uploaders: Sequence[str]) -> tuple[Statement, ...]:
    """A multipart upload needs to decrypt, too ("Using SSE-KMS": multipart uploads)."""
    statement = allow(
        ("kms:Decrypt", "kms:GenerateDataKey"),
        "*",
        Sid="Uploads",
        Principal={"AWS": [f"arn:aws:iam::{account}:root" for account in uploaders]},
        Condition={"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}},
    )
    return (statement,) if uploaders else ()
