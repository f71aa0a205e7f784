import dataclasses
import json
from collections.abc import Callable
from typing import Any, get_origin

import pytest
import yaml

from infra.configuration.config import Config
from infra.configuration.keys import ConfigError, camel
from tests.infra.support.program import PROJECT, ROOT, stack_config


def config(**values: str) -> Config:
    return _parse({"bucketPrefix": "candidate-test"} | values)


def _parse(values: dict[str, str]) -> Config:
    def get(key: str) -> str | None:
        return values.get(key)

    return Config.parse(get)


def reader(file: str) -> Callable[[str], str | None]:
    values = stack_config(file)
    return lambda key: values.get(f"{PROJECT}:{key}")


def test_only_the_bucket_prefix_is_required() -> None:
    assert config().memory == 1024
    with pytest.raises(ConfigError, match=r"^bucketPrefix is not set: .*lower-case"):
        _parse({})


@pytest.mark.parametrize("file", ["Pulumi.dev.yaml", "Pulumi.prod.yaml.example"])
def test_the_stack_files_that_are_shipped_are_valid(file: str) -> None:
    assert Config.parse(reader(file)).bucket_prefix


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("bucketPrefix", "Upper"),
        ("bucketPrefix", "a.b"),
        ("bucketPrefix", "x" * 51),
        ("bucketPrefix", "xn--prefix"),
        ("bucketPrefix", "amzn-s3-demo-mine"),
        ("deletionProtection", "yes"),
        ("finalSnapshot", ""),
        ("tags", '["NoEqualsSign"]'),
        ("tags", '"Name=value"'),
        ("tags", '["aws:Owner=me"]'),
        ("tags", '["Share=50%"]'),
        ("memory", "127"),
        ("memory", "10241"),
        ("memory", "1GB"),
        ("ephemeralStorage", "511"),
        ("timeout", "901"),
        ("architecture", "x86-64"),
        ("imageDigest", "latest"),
        ("imageDigest", f"sha256:{'a' * 63}"),
        ("imageDigest", f"sha256:{'A' * 64}"),
        ("imageDigest", f"repository@sha256:{'a' * 64}"),
        ("reservedConcurrency", "-1"),
        ("splitMegabytes", "63"),
        ("splitMegabytes", "10241"),
        ("partMegabytes", "0"),
        ("partMegabytes", "1025"),
        ("partConcurrency", "0"),
        ("partConcurrency", "1001"),
        ("partMemory", "1023"),
        ("partMemory", "10241"),
        ("inputSuffixes", '["csv"]'),
        ("inputSuffixes", "[1]"),
        ("inputSuffixes", ".csv"),
        ("maxRejectedRows", "-1"),
        ("maxRaggedRows", "1%"),
        ("maxDoubts", "-2"),
        ("supersedeSeconds", "-1"),
        ("supersedeSeconds", "1m"),
        ("maxDoubts", "none"),
        ("reconcileSchedule", "hourly"),
        ("reconcileSchedule", "rate(5 bananas)"),
        ("reconcileSchedule", "cron(0 25 * * ? *)"),
        ("imageCache", "1"),
        ("databaseClass", "t4g.micro"),
        ("databaseVersion", "14"),
        ("databaseStorage", "19"),
        ("databaseMaxStorage", "70000"),
        ("databaseMaxStorage", "21"),
        ("databaseBackupDays", "0"),
        ("logRetentionDays", "8"),
        ("oldVersionDays", "14"),
        ("backupArchiveDays", "-1"),
        ("alarmErrors", "-1"),
        ("alarmReconcileHours", "1"),
        ("alarmReconcileHours", "169"),
        ("rotationDays", "-1"),
        ("rotationDays", "366"),
        ("alarmDurationMs", "0"),
        ("alarmDatabaseConnections", "0"),
        ("topicArn", "arn:aws:sqs:eu-central-1:111122223333:queue"),
        ("topicArn", "arn:aws:sns:eu-central-1:111122223333:orders.fifo"),
        ("notificationEmails", '["nobody"]'),
        ("permissionsBoundary", "Boundary"),
        ("permissionsBoundary", "arn:aws:iam::123456789012:role/boundary"),
        ("permissionsBoundary", "arn:aws:iam::12345:policy/boundary"),
        ("permissionsBoundary", "arn:aws-cn:iam::123456789012:policy/boundary"),
        ("permissionsBoundary", "arn:aws:iam:eu-central-1:123456789012:policy/boundary"),
        ("permissionsBoundary", "arn:aws:iam::123456789012:policy/"),
        ("vpcId", "my-vpc"),
        ("subnetIds", '["10.0.0.0/24"]'),
        ("endpointZones", "3"),
        ("availabilityZones", '["a", "b"]'),
    ],
)
def test_a_wrong_value_is_refused_with_its_key_itself_and_what_is_allowed(key: str, value: str) -> None:
    with pytest.raises(ConfigError, match=rf"^{key} is .+; allowed: .+"):
        config(**{key: value})


@pytest.mark.parametrize(
    ("key", "items"),
    [
        ("notificationEmails", ["a@example.com", "b@example.com", "A@Example.com"]),
        ("tags", ["Owner=me", "owner=you"]),
        ("subnetIds", ["subnet-1", "subnet-1"]),
        ("availabilityZones", ["eu-central-1a", "eu-central-1a"]),
        ("inputSuffixes", [".csv", ".csv"]),
    ],
)
def test_an_item_that_is_there_twice_is_refused_with_both_spellings(key: str, items: list[str]) -> None:
    with pytest.raises(ConfigError, match=f"^{key} has '{items[0]}' and '{items[-1]}'; allowed: each once$"):
        config(**{key: json.dumps(items)})


def test_endings_that_differ_in_their_case_are_two() -> None:
    assert config(inputSuffixes='[".csv", ".CSV"]').input_suffixes == (".csv", ".CSV")


def test_a_tag_may_hold_letters_of_any_script() -> None:
    assert config(tags='["Team=Größe 5"]').tag_map() == {"Team": "Größe 5"}


def test_text_in_a_list_may_hold_any_address() -> None:
    assert config(notificationEmails='["a.b+c@example.com"]').notification_emails == ("a.b+c@example.com",)


def test_tags_are_split_at_the_first_equals_sign() -> None:
    assert config(tags='["Owner=a=b", "Empty="]').tag_map() == {"Owner": "a=b", "Empty": ""}


def test_pulumi_yaml_declares_the_same_keys_types_and_defaults() -> None:
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    assert declared == {
        key: spec | {"description": declared[key]["description"]} for key, spec in _schema().items()
    }
    assert all(declared[key]["description"].endswith(".") for key in declared)


def _schema() -> dict[str, dict[str, Any]]:
    return {camel(field.name): _spec(field) for field in dataclasses.fields(Config)}


def _spec(field: "dataclasses.Field[Any]") -> dict[str, Any]:
    names: dict[object, str] = {bool: "boolean", int: "integer", str: "string"}
    is_list = get_origin(field.type) is tuple
    spec: dict[str, Any] = (
        {"type": "array", "items": {"type": "string"}} if is_list else {"type": names[field.type]}
    )
    if field.default is not dataclasses.MISSING:
        spec["default"] = list(field.default) if is_list else field.default
    return spec
