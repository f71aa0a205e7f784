"""The bootstrap template: what it makes, who may take on its roles, and that environments do not collide."""

import json
import subprocess
from typing import Any

import pytest
from cfnlint.decode import cfn_yaml

from tests.infra.conftest import DEV, Environment, parameters
from tests.infra.iam.test_trust import ISSUER
from tests.infra.support.formation import TEMPLATE, Bootstrap, Formation
from tests.infra.support.program import ACCOUNT, REGION, tool

# "IAM and AWS STS quotas", IAM user guide; blanks do not count.
MANAGED_POLICY, INLINE_POLICIES, TRUST_POLICY, ATTACHED_POLICIES = 6144, 10240, 2048, 10


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    loaded: dict[str, Any] = cfn_yaml.load(str(TEMPLATE))
    return loaded


def test_a_linter_of_templates_finds_nothing() -> None:
    """It knows every action of IAM, and on which resources each can be allowed."""
    done = subprocess.run(
        [tool("cfn-lint"), "--include-checks", "I", "--", str(TEMPLATE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_outputs_are_what_the_workflows_and_the_stack_are_told(environment: Environment) -> None:
    outputs, names = environment.bootstrap.outputs, environment.bootstrap.names
    assert outputs == {
        "BackendUrl": f"s3://{names['State']}?region={REGION}",
        "SecretsProvider": f"awskms://{names['Key']}?region={REGION}",
        "PermissionsBoundary": names["Boundary"],
        "DeployRole": environment.bootstrap.roles["Deploy"].arn,
        "PreviewRole": environment.bootstrap.roles["Preview"].arn,
        "DriftRole": environment.bootstrap.roles["Drift"].arn,
    }


def test_two_environments_of_one_account_have_nothing_in_common(environments: dict[str, Environment]) -> None:
    dev, prod = (set(environments[name].bootstrap.names.values()) for name in ("dev", "prod"))
    assert len(dev) == len(prod) == 16
    assert not dev & prod


def test_no_name_is_given_that_another_repository_could_have_taken(template: dict[str, Any]) -> None:
    for name, resource in template["Resources"].items():
        given = {key for key in resource.get("Properties", {}) if key.endswith("Name")}
        assert not given, f"{name}: {given}"


def test_the_roles_and_policies_are_out_of_reach_of_all_that_the_program_makes(
    environment: Environment,
) -> None:
    """The program's roles have the path /: no pattern for them covers these."""
    bootstrap = environment.bootstrap
    for arn in [role.arn for role in bootstrap.roles.values()]:
        assert arn.startswith(f"arn:aws:iam::{ACCOUNT}:role/csv-pipeline/")
    for role in bootstrap.roles.values():
        for arn in role.attached:
            assert arn.startswith(f"arn:aws:iam::{ACCOUNT}:policy/csv-pipeline/")


def test_the_identity_provider_is_made_once_and_stays(template: dict[str, Any]) -> None:
    provider = template["Resources"]["Provider"]
    assert provider["Condition"] == "MakesProvider"
    assert provider["DeletionPolicy"] == provider["UpdateReplacePolicy"] == "Retain"
    assert provider["Properties"] == {"Url": f"https://{ISSUER}", "ClientIdList": ["sts.amazonaws.com"]}


@pytest.mark.parametrize("name", ["State", "StatePolicy", "Key"])
def test_the_state_and_its_key_outlive_the_stack(template: dict[str, Any], name: str) -> None:
    resource = template["Resources"][name]
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


def test_the_state_is_versioned_private_encrypted_and_read_over_tls_only(
    account: Formation, environment: Environment
) -> None:
    s3, bucket = account.client("s3"), environment.bootstrap.names["State"]
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert len(block) == 4
    assert all(block.values())
    [rule] = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    statements = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert [each["Condition"] for each in statements] == [
        {"Bool": {"aws:SecureTransport": "false"}},
        {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        {
            "StringNotEquals": {"aws:PrincipalAccount": ACCOUNT},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    ]
    for each in statements:
        assert (each["Effect"], each["Principal"], each["Action"]) == ("Deny", "*", "s3:*")
        assert each["Resource"] == [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]


def test_former_versions_of_the_state_go_after_90_days(template: dict[str, Any]) -> None:
    rules = template["Resources"]["State"]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert {"NoncurrentDays": 90} in [each.get("NoncurrentVersionExpiration") for each in rules]


@pytest.fixture(scope="module")
def longest(account: Formation) -> Bootstrap:
    """Every name as long as the template allows."""
    return account.deploy(
        parameters("e" * 33, DEV)
        | {
            "BucketPrefix": "b" * 50,
            "TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:{'t' * 256}",
            "GitHubOwner": "o" * 39,
            "GitHubRepository": "r" * 100,
            "GitHubRepositoryId": "9" * 20,
        }
    )


def test_no_policy_is_longer_than_iam_takes(longest: Bootstrap) -> None:
    spare = 3 * 14  # of the longest name of a region, beside the one here, in a dozen ARNs
    assert _length(longest.boundary) < MANAGED_POLICY - spare
    for role in longest.roles.values():
        assert len(role.attached) <= ATTACHED_POLICIES
        assert max(map(_length, role.attached.values())) < MANAGED_POLICY - spare
        assert sum(map(_length, role.inline.values())) < INLINE_POLICIES - spare
        assert _length(role.trust) < TRUST_POLICY


def test_the_template_is_short_enough_to_be_deployed_without_a_bucket() -> None:
    """ "CloudFormation quotas": the size of a template body that is passed in a request."""
    assert TEMPLATE.stat().st_size <= 51_200


def _length(document: object) -> int:
    return len(json.dumps(document, separators=(",", ":")))
