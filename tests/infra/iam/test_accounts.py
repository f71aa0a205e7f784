"""Who comes in from outside a role: other accounts, services, and through the endpoints; by AWS's own rules."""

import json
from typing import Any

import pytest

from infra.iam import key_policy, resource_policies
from tests.infra.support.evaluator import Request, allows, lets_in
from tests.infra.support.program import ACCOUNT, REGION

OTHER, UPLOADER = "999988887777", "111122223333"
BUCKET = "arn:aws:s3:::b"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
CLOUDWATCH, LOGS = "cloudwatch.amazonaws.com", f"logs.{REGION}.amazonaws.com"
DELIVERY = "logging.s3.amazonaws.com"


def root(account: str) -> str:
    return f"arn:aws:iam::{account}:root"


def asks(action: str, account: str, **more: str) -> Request:
    known = {
        "aws:PrincipalAccount": account,
        "aws:SecureTransport": "true",
        "s3:TlsVersion": "1.3",
        "aws:PrincipalIsAWSService": "false",
    }
    return Request(action, f"{BUCKET}/x.csv", known | more)


def denied(policy: dict[str, Any], request: Request) -> bool:
    """Whether it is refused although its own role allows it."""
    own = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    return not allows([own, policy], request)


def test_a_bucket_is_for_this_account_whatever_another_policy_says() -> None:
    policy = json.loads(resource_policies.bucket(BUCKET, ACCOUNT))
    assert not denied(policy, asks("s3:GetObject", ACCOUNT))
    assert denied(policy, asks("s3:GetObject", OTHER))
    assert denied(policy, Request("s3:GetObject", f"{BUCKET}/x.csv", {"aws:SecureTransport": "true"}))
    assert denied(policy, asks("s3:GetObject", ACCOUNT, **{"aws:SecureTransport": "false"}))
    assert denied(policy, asks("s3:GetObject", ACCOUNT, **{"s3:TlsVersion": "1.1"}))


@pytest.mark.parametrize(
    ("action", "account", "expected"),
    [
        ("s3:PutObject", UPLOADER, True),
        ("s3:AbortMultipartUpload", UPLOADER, True),
        ("s3:GetObject", UPLOADER, False),
        ("s3:DeleteObject", UPLOADER, False),
        ("s3:PutBucketPolicy", UPLOADER, False),
        ("s3:PutObject", OTHER, False),
    ],
)
def test_an_account_that_may_upload_can_upload_and_no_more(action: str, account: str, expected: bool) -> None:
    policy = json.loads(resource_policies.bucket(BUCKET, ACCOUNT, [UPLOADER]))
    assert lets_in(policy, root(account), asks(action, account)) == expected
    assert not lets_in(
        json.loads(resource_policies.bucket(BUCKET, ACCOUNT)), root(account), asks(action, account)
    )


@pytest.mark.parametrize(
    ("source", "account", "expected"),
    [(BUCKET, ACCOUNT, True), (BUCKET, OTHER, False), ("other", ACCOUNT, False)],
)
def test_access_logs_are_delivered_of_our_own_buckets_only(source: str, account: str, expected: bool) -> None:
    policy = json.loads(resource_policies.access_logs(BUCKET, ACCOUNT, [BUCKET]))
    request = Request(
        "s3:PutObject",
        f"{BUCKET}/input/x",
        {
            "aws:SecureTransport": "true",
            "s3:TlsVersion": "1.3",
            "aws:PrincipalIsAWSService": "true",
            "aws:SourceAccount": account,
            "aws:SourceArn": source,
        },
    )
    assert lets_in(policy, DELIVERY, request) == expected


def test_through_the_endpoint_of_s3_only_our_roles_reach_only_our_buckets() -> None:
    policy = json.loads(
        resource_policies.through_endpoint(["s3:*"], ACCOUNT, BUCKET, f"{BUCKET}/*", own=True)
    )
    for principal, owner, expected in (
        (ACCOUNT, ACCOUNT, True),
        (OTHER, ACCOUNT, False),
        (ACCOUNT, OTHER, False),
    ):
        context = {"aws:PrincipalAccount": principal, "aws:ResourceAccount": owner}
        assert allows([policy], Request("s3:PutObject", f"{BUCKET}/x", context)) == expected


def test_alarms_of_this_account_alone_reach_the_topic() -> None:
    policy = json.loads(resource_policies.topic("t", ACCOUNT))
    for account, expected in ((ACCOUNT, True), (OTHER, False)):
        context = {"aws:SourceAccount": account, "aws:SecureTransport": "true"}
        assert lets_in(policy, CLOUDWATCH, Request("sns:Publish", "t", context)) == expected


def _log(group: str) -> dict[str, str]:
    return {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}"}


def _via(service: str) -> dict[str, str]:
    return {"kms:ViaService": f"{service}.{REGION}.amazonaws.com"}


def _role(name: str) -> dict[str, str]:
    return {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/{name}"}


USERS = [
    pytest.param(CLOUDWATCH, "kms:GenerateDataKey", {"aws:SourceAccount": ACCOUNT}, True, id="alarms"),
    pytest.param(
        CLOUDWATCH, "kms:GenerateDataKey", {"aws:SourceAccount": OTHER}, False, id="alarms of others"
    ),
    pytest.param(LOGS, "kms:Encrypt", _log("/aws/lambda/csv-pipeline-dev-worker"), True, id="our log"),
    pytest.param(LOGS, "kms:Encrypt", _log("/aws/vpc/csv-pipeline-dev-flow-logs"), True, id="flow logs"),
    pytest.param(LOGS, "kms:Encrypt", _log("/aws/lambda/csv-pipeline-prod-worker"), False, id="another log"),
    pytest.param(root(ACCOUNT), "kms:Decrypt", _via("s3"), True, id="an object"),
    pytest.param(root(ACCOUNT), "kms:Decrypt", _via("secretsmanager"), True, id="a secret"),
    pytest.param(root(ACCOUNT), "kms:GenerateDataKey", _via("sqs"), True, id="a dead letter"),
    pytest.param(root(ACCOUNT), "kms:Decrypt", _via("dynamodb"), False, id="another service"),
    pytest.param(root(ACCOUNT), "kms:Decrypt", _role("admin"), False, id="an administrator directly"),
    pytest.param(root(ACCOUNT), "kms:Decrypt", _role("csv-pipeline-dev-worker-0a1"), True, id="a function"),
    pytest.param(
        root(ACCOUNT), "kms:Decrypt", _role("csv-pipeline-prod-worker-0a1"), False, id="another stack"
    ),
    pytest.param(root(ACCOUNT), "kms:CreateGrant", {"kms:GrantIsForAWSResource": "true"}, True, id="to RDS"),
    pytest.param(
        root(ACCOUNT), "kms:CreateGrant", {"kms:GrantIsForAWSResource": "false"}, False, id="to a friend"
    ),
    pytest.param(root(ACCOUNT), "kms:PutKeyPolicy", {}, True, id="administration"),
    pytest.param(root(UPLOADER), "kms:GenerateDataKey", _via("s3"), True, id="an upload"),
    pytest.param(root(UPLOADER), "kms:GenerateDataKey", {}, False, id="an uploader directly"),
    pytest.param(root(UPLOADER), "kms:PutKeyPolicy", {}, False, id="an uploader administers"),
    pytest.param(root(OTHER), "kms:Decrypt", _via("s3"), False, id="another account"),
]


@pytest.mark.parametrize(("principal", "action", "context", "expected"), USERS)
def test_the_key_is_used_by_those_who_need_it_and_by_nobody_else(
    principal: str, action: str, context: dict[str, str], expected: bool
) -> None:
    policy = json.loads(key_policy.key_policy("csv-pipeline-dev", REGION, ACCOUNT, [UPLOADER]))
    assert lets_in(policy, principal, Request(action, KEY, context)) == expected
