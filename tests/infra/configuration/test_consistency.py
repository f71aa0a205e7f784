import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.configuration.consistency import check
from infra.configuration.keys import ConfigError
from tests.infra.configuration.test_config import config
from tests.infra.support.program import REGION


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"databaseStorage": "100", "databaseMaxStorage": "109"},
            "databaseMaxStorage is 109; allowed: 110 or more, 110 % of databaseStorage, which is 100",
        ),
        ({"databaseStorage": "100"}, "databaseMaxStorage is 100; allowed: 110 or more"),
        ({"databaseStorage": "101", "databaseMaxStorage": "111"}, "allowed: 112 or more"),
        ({"vpcId": "vpc-1"}, "vpcId and subnetIds go together"),
        ({"subnetIds": '["subnet-1", "subnet-2"]'}, "vpcId and subnetIds go together"),
        ({"vpcId": "vpc-1", "subnetIds": '["subnet-1"]'}, "vpcId and subnetIds go together"),
        ({"availabilityZones": '["eu-central-1a"]'}, "availabilityZones has 1 zones; allowed: none or two"),
        (
            {"availabilityZones": '["eu-central-1a", "eu-west-1b"]'},
            "availabilityZones has 'eu-west-1b'; allowed: zones of aws:region, eu-central-1",
        ),
        (
            {"topicArn": "arn:aws:sns:us-east-1:111122223333:alerts"},
            "topicArn is '.*us-east-1.*'; allowed: a topic in aws:region, eu-central-1",
        ),
        (
            {"reconcileSchedule": "rate(2 days)"},
            r"alarmReconcileHours is 26; allowed: 50 to 168, or 0 for no alarm, with .*: rate\(2 days\)",
        ),
        ({"reconcileSchedule": "rate(1 day)", "alarmReconcileHours": "25"}, "allowed: 26 to 168"),
        ({"reconcileSchedule": "rate(90 minutes)", "alarmReconcileHours": "3"}, "allowed: 4 to 168"),
        ({"reconcileSchedule": "rate(7 days)", "alarmReconcileHours": "168"}, "allowed: 0, for no alarm,"),
        (
            {"splitMegabytes": "64", "partMegabytes": "65"},
            "partMegabytes is 65; allowed: at most splitMegabytes, which is 64",
        ),
        ({"tags": '["project=x"]'}, "tags has 'project'; allowed: any other name"),
        (
            {"tags": json.dumps([f"t{number}=x" for number in range(48)])},
            "tags has 48 items; allowed: at most",
        ),
        ({"inputSuffixes": "[]"}, "inputSuffixes has 0 items; allowed: 1 to 100"),
        (
            {"inputSuffixes": json.dumps([f".{number:03}" for number in range(101)])},
            "inputSuffixes has 101 items; allowed: 1 to 100",
        ),
        (
            {"inputSuffixes": '[".csv.gz", ".gz"]'},
            "has '.csv.gz' and '.gz'; allowed: none that another ends with",
        ),
    ],
)
def test_values_that_do_not_go_together_are_refused(values: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        check(config(**values), REGION)


@given(st.integers(20, 59_000))
def test_the_least_storage_to_grow_to_is_ten_per_cent_above(storage: int) -> None:
    least = next(size for size in range(storage, storage * 2) if size * 10 >= storage * 11)
    check(config(databaseStorage=str(storage), databaseMaxStorage=str(least)), REGION)
    if least > 22:  # no less is allowed at all
        with pytest.raises(ConfigError):
            check(config(databaseStorage=str(storage), databaseMaxStorage=str(least - 1)), REGION)


LEAST = {
    "memory": "128",
    "timeout": "30",
    "reservedConcurrency": "1",
    "inputSuffixes": '[".c"]',
    "maxDoubts": "-1",
    "reconcileSchedule": "rate(1 minute)",
    "rotationDays": "1",
    "databaseStorage": "20",
    "databaseMaxStorage": "22",
    "databaseBackupDays": "1",
    "logRetentionDays": "1",
    "oldVersionDays": "15",
    "backupArchiveDays": "0",
    "alarmDurationMs": "1",
    "alarmReconcileHours": "3",
}
MOST = {
    "bucketPrefix": "x" * 50,
    "tags": json.dumps([f"t{number}=x" for number in range(47)]),
    "memory": "10240",
    "ephemeralStorage": "10240",
    "timeout": "900",
    "reservedConcurrency": "1000",
    "inputSuffixes": json.dumps([f".{number:03}" for number in range(100)]),
    "maxDoubts": "1000000",
    "reconcileSchedule": "rate(166 hours)",
    "rotationDays": "365",
    "databaseVersion": "18",
    "databaseStorage": "59578",
    "databaseMaxStorage": "65536",
    "databaseBackupDays": "35",
    "oldVersionDays": "3650",
    "backupArchiveDays": "3650",
    "alarmDurationMs": "900000",
    "alarmReconcileHours": "168",
}


@pytest.mark.parametrize("values", [LEAST, MOST], ids=["least", "most"])
def test_every_key_may_be_at_its_edge(values: dict[str, str]) -> None:
    check(config(**values), REGION)


def test_the_defaults_go_together() -> None:
    check(config(), REGION)


@pytest.mark.parametrize(
    ("schedule", "hours"),
    [("rate(1 day)", 26), ("rate(2 days)", 50), ("rate(30 days)", 0), ("", 2), ("cron(0 6 1 * ? *)", 26)],
)
def test_an_alarm_that_waits_for_the_next_reconciliation_goes_with_its_schedule(
    schedule: str, hours: int
) -> None:
    check(config(reconcileSchedule=schedule, alarmReconcileHours=str(hours)), REGION)


def test_two_zones_of_the_region_go_together() -> None:
    check(config(availabilityZones='["eu-central-1c", "eu-central-1b"]'), REGION)
