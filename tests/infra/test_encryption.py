"""With a key of one's own everything that is stored is under it; the options come with what they need."""

import json

import pytest

from tests.infra.support.program import ACCOUNT, REGION, Program, run, stack_config

GIVEN = (
    f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"  # as the recording makes up
)
OPTIONS: dict[str, object] = {"accessLogs": True, "flowLogs": True, "objectLockDays": 30}
# What the page of each service says that its own action takes of the key, when the caller is a role.
TAKES = {
    "s3:GetObject": {"kms:Decrypt"},
    "s3:PutObject": {"kms:Decrypt", "kms:GenerateDataKey"},  # to decrypt: for the parts of a large one
    "sns:Publish": {"kms:Decrypt", "kms:GenerateDataKey"},
    "sqs:SendMessage": {"kms:Decrypt", "kms:GenerateDataKey"},
    "secretsmanager:GetSecretValue": {"kms:Decrypt"},
    "secretsmanager:PutSecretValue": {"kms:Decrypt", "kms:GenerateDataKey"},
}


@pytest.fixture(scope="module", params=["create", GIVEN], ids=["own", "given"])
def keyed(request: pytest.FixtureRequest) -> Program:
    return run("dev", stack_config("Pulumi.dev.yaml", kmsKeyArn=request.param, **OPTIONS))


def test_everything_that_is_stored_is_under_the_key(keyed: Program) -> None:
    for role in ("input", "output", "backup"):
        [rule] = keyed.one("BucketServerSideEncryptionConfiguration", role)["rules"]
        assert rule["applyServerSideEncryptionByDefault"] == {
            "sseAlgorithm": "aws:kms",
            "kmsMasterKeyId": GIVEN,
        }
        assert rule["bucketKeyEnabled"] is True
    assert keyed.one("Topic")["kmsMasterKeyId"] == GIVEN
    assert keyed.one("Queue")["kmsMasterKeyId"] == GIVEN
    assert "sqsManagedSseEnabled" not in keyed.one("Queue").inputs  # SQS takes one of the two
    instance = keyed.one("Instance")
    assert instance["kmsKeyId"] == instance["masterUserSecretKmsKeyId"] == GIVEN
    assert keyed.one("Secret")["kmsKeyId"] == GIVEN
    assert {each["kmsKeyId"] for each in keyed.all("LogGroup")} == {GIVEN}
    assert len(keyed.all("LogGroup")) == 7
    assert {each["kmsKeyArn"] for each in keyed.all("Function")} == {GIVEN}


def test_each_role_may_do_with_the_key_what_its_other_actions_take_and_no_more(keyed: Program) -> None:
    for policy in keyed.all("RolePolicy"):
        statements = json.loads(policy["policy"])["Statement"]
        actions = {(action, each["Resource"][0]) for each in statements for action in each["Action"]}
        taken = {kms for action, _ in actions for kms in TAKES.get(action, set())}
        given = {(action, arn) for action, arn in actions if action.startswith("kms:")}
        assert given == {(action, GIVEN) for action in taken}, policy.name


def test_a_key_of_the_stacks_own_is_rotated_and_protected_in_production(dev: Program) -> None:
    made = run("prod", stack_config("Pulumi.prod.yaml.example", kmsKeyArn="create")).one("Key")
    assert (made.protect, made.retain, made["enableKeyRotation"]) == (True, True, True)
    assert not dev.all("Key")


def test_access_logs_go_to_a_bucket_as_closed_as_the_others_that_forgets(keyed: Program) -> None:
    assert {each.name: each["targetPrefix"] for each in keyed.all("BucketLogging")} == {
        "input": "input/",
        "output": "output/",
        "backup": "backup/",
    }
    [rule] = keyed.one("BucketServerSideEncryptionConfiguration", "logs")["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}  # S3 delivers to no other
    assert keyed.one("BucketLifecycleConfiguration", "logs")["rules"][1]["expiration"] == {"days": 7}
    assert keyed.one("BucketPublicAccessBlock", "logs")["blockPublicPolicy"] is True


def test_flow_logs_are_written_by_a_role_of_their_own_and_forgotten(keyed: Program) -> None:
    assert keyed.one("FlowLog")["trafficType"] == "ALL"
    assert keyed.one("LogGroup", "-flow-logs")["retentionInDays"] == 7


def test_backups_are_locked_in_the_bucket_that_is_there(keyed: Program) -> None:
    """An argument of the bucket itself would replace it."""
    [lock] = keyed.all("BucketObjectLockConfiguration")
    assert (lock.name, lock["rule"]) == ("backup", {"defaultRetention": {"mode": "GOVERNANCE", "days": 30}})
    assert "objectLockEnabled" not in keyed.one("Bucket", "backup").inputs
    assert keyed.one("BucketVersioning", "backup").urn in keyed.before(lock)


def test_without_options_there_is_none_of_all_this(dev: Program) -> None:
    for kind in ("BucketLogging", "FlowLog", "BucketObjectLockConfiguration", "Key"):
        assert not dev.all(kind)
    assert "kms" not in json.dumps([each.inputs for each in dev.resources]).lower()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"kmsKeyArn": "arn:aws:kms:eu-central-1:1:alias/x"}, "an alias can be moved"),
        ({"kmsKeyArn": GIVEN.replace(REGION, "us-east-1")}, "allowed: a key in aws:region"),
        ({"uploaderAccounts": ["12"]}, "uploaderAccounts is '12'"),
        (
            {"flowLogs": True, "vpcId": "vpc-1", "subnetIds": ["subnet-1", "subnet-2"]},
            "flowLogs is true; allowed with vpcId: false",
        ),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_made(values: dict[str, object], message: str) -> None:
    with pytest.raises(RuntimeError, match=message):
        run("dev", stack_config("Pulumi.dev.yaml", **values))
