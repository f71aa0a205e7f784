import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.configuration.config import Config
from infra.configuration.context import checked_region, stack_name
from infra.configuration.keys import ConfigError, refuse_unknown
from tests.infra.support.program import PROJECT, ROOT, Program, run, stack_config

LONGEST = "a" * (46 - len(PROJECT) - 1)
# "Quotas" or the name's own pattern in the API reference of each service; None: a name of 255 or more.
LIMITS = {
    "aws:iam/role:Role": 64,
    "aws:iam/rolePolicy:RolePolicy": 128,
    "aws:lambda/function:Function": 64,
    "aws:rds/instance:Instance": 63,
    "aws:scheduler/schedule:Schedule": 64,
    "aws:scheduler/scheduleGroup:ScheduleGroup": 64,
    "aws:sqs/queue:Queue": 80,
}
RANDOM = len("-0a1b2c3")  # what the provider appends to a name that it makes up


@pytest.mark.parametrize("stack", ["dev", "prod-eu", "pr-123", LONGEST])
def test_a_stack_name_that_aws_takes_is_the_beginning_of_all_names(stack: str) -> None:
    assert stack_name(PROJECT, stack) == f"csv-pipeline-{stack}"


@pytest.mark.parametrize("stack", ["Dev", "my_stack", "v1.2", "a--b", "dev-", f"{LONGEST}a", "größe"])
def test_a_stack_name_that_aws_refuses_is_named_with_what_is_allowed(stack: str) -> None:
    with pytest.raises(ConfigError, match=f"^the stack is '{stack}'.*; allowed: .*33 characters at most"):
        stack_name(PROJECT, stack)


def test_a_project_must_begin_with_a_letter_too() -> None:
    with pytest.raises(ConfigError, match="'9-dev'"):
        stack_name("9", "dev")


@pytest.fixture(scope="module")
def longest() -> Program:
    return run(LONGEST, stack_config("Pulumi.dev.yaml"))


def test_with_the_longest_stack_name_every_name_still_fits(longest: Program) -> None:
    """The one that is nearest to its limit has nothing to spare: the limit on stacks is not too strict."""
    spare = []
    for each in longest.resources:
        if each.custom and each.type.startswith("aws:") and LONGEST in each.name:
            made_up = not each.inputs.get("name") and not each.inputs.get("identifier")
            length = len(each.name) + RANDOM if made_up else len(each["name"])
            spare.append((LIMITS.get(each.type, 255) - length, each.type, each.name))
    assert min(spare)[0] == 0, min(spare)


@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1", "ap-southeast-7", "il-central-1"])
def test_a_region_of_the_partition_aws_is_taken(region: str) -> None:
    assert checked_region(region) == region


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1", "us-iso-east-1", "eusc-de-east-1"])
def test_a_region_of_another_partition_is_refused_with_the_reason(region: str) -> None:
    with pytest.raises(ConfigError, match=f"^aws:region is '{region}'; allowed: .*not supported"):
        checked_region(region)


@pytest.mark.parametrize(
    "region", ["Frankfurt", "eu-central-1a", "eu_central_1", "EU-CENTRAL-1", "eu-central"]
)
def test_what_is_no_region_is_refused(region: str) -> None:
    with pytest.raises(ConfigError, match=f"^aws:region is '{region}'; allowed: a region"):
        checked_region(region)


@pytest.mark.parametrize("region", [None, ""])
def test_a_missing_region_is_asked_for(region: str | None) -> None:
    with pytest.raises(ConfigError, match="^aws:region is not set: pulumi config set aws:region"):
        checked_region(region)


@pytest.mark.parametrize(
    ("given_key", "meant"),
    [
        ("databseClass", "databaseClass"),
        ("bucketprefix", "bucketPrefix"),
        ("bucket_prefix", "bucketPrefix"),
        ("deletionProtecton", "deletionProtection"),
        ("notificationEmail", "notificationEmails"),
        ("inputSufixes", "inputSuffixes"),
    ],
)
def test_a_misspelt_key_is_refused_with_the_nearest_one(given_key: str, meant: str) -> None:
    with pytest.raises(ConfigError, match=f"^{given_key} is not a key of this project; did you mean {meant}"):
        refuse_unknown([given_key, "memory"], Config.keys())


def test_every_misspelt_key_is_named_at_once_and_one_like_no_other_with_all_there_are() -> None:
    with pytest.raises(ConfigError) as refusal:
        refuse_unknown(["memry", "xyzzy"], Config.keys())
    first, second = str(refusal.value).splitlines()
    assert first.startswith("memry is")
    assert second.startswith(
        "xyzzy is not a key of this project; allowed: accessLogs, alarmDatabaseConnections, "
    )


@given(st.sampled_from(sorted(Config.keys())), st.data())
def test_one_letter_left_out_is_always_noticed(key: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(key) - 1))
    with pytest.raises(ConfigError, match=f"did you mean {key}"):
        refuse_unknown([key[:at] + key[at + 1 :]], Config.keys())


def test_a_known_key_is_not_refused() -> None:
    refuse_unknown(Config.keys(), Config.keys())


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"csv-pipeline:databseClass": "x"}, "ConfigError: databseClass is not a key .* databaseClass"),
        ({"csv-pipeline:databaseMaxStorage": "21"}, "ConfigError: databaseMaxStorage is 21"),
        ({"csv-pipeline:databaseStorage": "29"}, "ConfigError: databaseMaxStorage is 30; allowed: 32 or"),
        ({"aws:region": "cn-north-1"}, "ConfigError: aws:region is 'cn-north-1'"),
    ],
)
def test_the_program_ends_before_anything_is_made(changed: dict[str, str], message: str) -> None:
    with pytest.raises(RuntimeError, match=message):
        run("dev", stack_config("Pulumi.dev.yaml") | changed)


def test_keys_of_other_namespaces_are_left_to_their_owners() -> None:
    others = {"aws:skipMetadataApiCheck": "true", "csv-pipeline-other:memry": "1", "pulumi:tags": "{}"}
    assert run("dev", stack_config("Pulumi.dev.yaml") | others).outputs


def test_the_keys_are_found_where_the_language_host_puts_them() -> None:
    """It gives them to the program in its environment."""
    read = "from infra.configuration import context; print(context._given_keys('csv-pipeline'))"
    environment = os.environ | {"PULUMI_CONFIG": json.dumps({"csv-pipeline:memry": "1", "aws:region": "x"})}
    done = subprocess.run(
        [sys.executable, "-c", read], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['memry']"
