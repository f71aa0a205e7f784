"""The pack runs as Pulumi runs it, a program that is asked about each resource, and is asked about ours."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import grpc
import pytest
from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from tests.infra.support.program import ROOT, Program, Resource


@pytest.fixture(scope="module")
def analyzer() -> Iterator[Any]:
    with subprocess.Popen(
        [sys.executable, "-u", str(ROOT / "policy")], stdout=subprocess.PIPE, text=True
    ) as pack:
        assert pack.stdout is not None
        with grpc.insecure_channel(f"127.0.0.1:{pack.stdout.readline().strip()}") as channel:
            yield analyzer_pb2_grpc.AnalyzerStub(channel)
        pack.terminate()


def violations(analyzer: Any, resource: Resource) -> set[str]:
    """The names of the rules that the resource breaks."""
    request = analyzer_pb2.AnalyzeRequest(
        type=resource.type,
        properties=ParseDict(resource.inputs, Struct()),
        urn=resource.urn,
        name=resource.name,
        options=analyzer_pb2.AnalyzerResourceOptions(protect=resource.protect),
    )
    return {each.policyName for each in analyzer.Analyze(request).diagnostics}


def test_the_stack_breaks_no_rule(analyzer: Any, program: Program) -> None:
    broken = {each.name: found for each in program.resources if (found := violations(analyzer, each))}
    assert broken == {}


def test_the_pack_has_the_rules_that_are_broken_below(analyzer: Any) -> None:
    from google.protobuf.empty_pb2 import Empty

    names = {each.name for each in analyzer.GetAnalyzerInfo(Empty()).policies}
    assert names == {case.values[0] for case in BROKEN}


def _allow(action: str, resource: str) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Action": [action], "Resource": [resource]}]})


OPEN = json.dumps(
    {"Statement": [{"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": ["q"], "Principal": "*"}]}
)
TLS = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["b"]}
OPEN_TO_ACCOUNTS = json.dumps(
    {"Statement": [TLS | {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}
)
OTHERS = TLS | {"Condition": {"StringNotEquals": {"aws:PrincipalAccount": "123456789012"}}}
PLAIN = json.dumps({"Statement": [OTHERS]})


BROKEN = [
    pytest.param("encryption-at-rest", "Instance", {"storageEncrypted": False}, id="database"),
    pytest.param("encryption-at-rest", "Queue", {"sqsManagedSseEnabled": False}, id="queue"),
    pytest.param("encryption-at-rest", "BucketServerSideEncryptionConfiguration", {"rules": []}, id="bucket"),
    pytest.param("no-public-buckets", "BucketPublicAccessBlock", {"blockPublicAcls": False}, id="public"),
    pytest.param("no-public-buckets", "Bucket", {"acl": "public-read"}, id="acl"),
    pytest.param("buckets-over-tls-only", "BucketPolicy", {"policy": PLAIN}, id="http"),
    pytest.param(
        "buckets-keep-versions",
        "BucketVersioning",
        {"versioningConfiguration": {"status": "Suspended"}},
        id="versions",
    ),
    pytest.param(
        "images-are-looked-through",
        "Repository",
        {"imageScanningConfiguration": {"scanOnPush": False}},
        id="scan",
    ),
    pytest.param("no-wildcard-permissions", "RolePolicy", {"policy": _allow("s3:*", "a")}, id="action"),
    pytest.param(
        "no-wildcard-permissions", "RolePolicy", {"policy": _allow("s3:GetObject", "*")}, id="resource"
    ),
    pytest.param(
        "no-administrators",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
        id="administrator",
    ),
    pytest.param("logs-are-forgotten", "LogGroup", {"retentionInDays": 0}, id="log"),
    pytest.param("everything-is-tagged", "pulumi:providers:aws", {"defaultTags": "{}"}, id="tags"),
    pytest.param("databases-stay-private", "Instance", {"publiclyAccessible": True}, id="public-database"),
    pytest.param("databases-stay-private", "Instance", {"manageMasterUserPassword": False}, id="password"),
    pytest.param("production-is-protected", "Instance", {"deletionProtection": False}, id="deletion"),
    pytest.param(
        "nobody-comes-in-from-anywhere", "SecurityGroupIngressRule", {"cidrIpv4": "0.0.0.0/0"}, id="open"
    ),
    pytest.param(
        "nobody-comes-in-from-anywhere", "SecurityGroup", {"ingress": [{"cidrBlocks": ["::/0"]}]}, id="inline"
    ),
    pytest.param("keys-are-rotated", "aws:kms/key:Key", {"enableKeyRotation": False}, id="rotation"),
    pytest.param("keys-are-rotated", "aws:kms/key:Key", {"deletionWindowInDays": 7}, id="key-window"),
    pytest.param(
        "buckets-for-this-account-only", "BucketPolicy", {"policy": OPEN_TO_ACCOUNTS}, id="accounts"
    ),
    pytest.param(
        "locks-are-for-days",
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        {"rule": {"defaultRetention": {"mode": "COMPLIANCE", "days": 30}}},
        id="lock",
    ),
    pytest.param(
        "executions-are-logged-without-their-data",
        "StateMachine",
        {"loggingConfiguration": {"level": "ERROR", "logDestination": "l", "includeExecutionData": True}},
        id="data-in-log",
    ),
    pytest.param(
        "executions-are-logged-without-their-data",
        "StateMachine",
        {"loggingConfiguration": {"level": "OFF"}},
        id="no-log",
    ),
    pytest.param("roles-within-a-boundary", "Role", {"permissionsBoundary": ""}, id="boundary"),
    pytest.param("nobody-unnamed-comes-in", "aws:sqs/queuePolicy:QueuePolicy", {"policy": OPEN}, id="queue"),
    pytest.param("functions-run-known-images", "Function", {"imageUri": "repository:latest"}, id="tag"),
]


@pytest.mark.parametrize(("rule", "kind", "change"), BROKEN)
def test_a_resource_that_breaks_a_rule_is_stopped(
    analyzer: Any, prod: Program, rule: str, kind: str, change: dict[str, Any]
) -> None:
    resource = next(iter(prod.all(kind)), None) or replace(
        prod.resources[-1], type=kind, inputs={}, protect=True
    )
    assert violations(analyzer, replace(resource, inputs=resource.inputs | change)) == {rule}


GUARDED = ("Bucket", "BucketPolicy", "BucketVersioning", "Instance", "Repository", "Secret", "Queue")


@pytest.mark.parametrize("kind", GUARDED)
def test_what_holds_or_guards_data_must_be_protected_in_production(
    analyzer: Any, prod: Program, kind: str
) -> None:
    unprotected = replace(prod.all(kind)[0], protect=False)
    assert violations(analyzer, unprotected) == {"production-is-protected"}


def test_an_unprotected_bucket_is_fine_elsewhere(analyzer: Any, dev: Program) -> None:
    assert not dev.all("Bucket")[0].protect
    assert violations(analyzer, dev.all("Bucket")[0]) == set()
