"""What values must fit together, with each other and with the region; else AWS refuses after minutes."""

from datetime import timedelta

from infra.configuration import encryption_keys, schedule_expressions, topics
from infra.configuration.config import Config
from infra.configuration.keys import ConfigError

_MOST_FILTERS = 100  # notification configurations of one bucket
_SLACK = timedelta(hours=2)  # for the run itself, and for hours that do not begin when it does
_MOST_HOURS = 168  # that an alarm looks back
_MOST_TAGS = 47  # of 50; the program adds Project, Stack and, to some, Name
_OUR_TAGS = {"project", "stack"}  # IAM takes no two names that differ in their case alone


def check(config: Config, region: str) -> None:
    """Check everything that takes more than one value to see.

    Raises:
        ConfigError: naming the key that does not fit, what it is, and what is allowed.
    """
    _check_storage(config)
    _check_silence(config)
    _check_parts(config)
    _check_network(config, region)
    _check_topic(config, region)
    _check_key(config, region)
    _check_tags(config)
    _check_suffixes(config.input_suffixes)


def _check_storage(config: Config) -> None:
    """At least 10 % above, in whole GiB ("Managing capacity automatically with storage autoscaling", RDS)."""
    least = -(-config.database_storage * 11 // 10)
    if config.database_max_storage < least:
        raise ConfigError(
            f"databaseMaxStorage is {config.database_max_storage}; allowed: {least} or more,"
            f" 110 % of databaseStorage, which is {config.database_storage}"
        )


def _check_silence(config: Config) -> None:
    """An alarm that begins before the next reconciliation is due would come every time."""
    pause = schedule_expressions.interval(config.reconcile_schedule)
    hours = config.alarm_reconcile_hours
    if hours and pause and timedelta(hours=hours) < pause + _SLACK:
        least = -(-(pause + _SLACK) // timedelta(hours=1))
        allowed = (
            f"{least} to {_MOST_HOURS}, or 0 for no alarm," if least <= _MOST_HOURS else "0, for no alarm,"
        )
        raise ConfigError(
            f"alarmReconcileHours is {hours}; allowed: {allowed} with"
            f" reconcileSchedule: {config.reconcile_schedule}"
        )


def _check_parts(config: Config) -> None:
    """A file that is split has two parts at least, or it would be read as before, only at a greater cost."""
    if config.splits and config.part_megabytes > config.split_megabytes:
        raise ConfigError(
            f"partMegabytes is {config.part_megabytes}; allowed: at most splitMegabytes,"
            f" which is {config.split_megabytes}"
        )


def _check_network(config: Config, region: str) -> None:
    if bool(config.vpc_id) != (len(config.subnet_ids) >= 2):
        raise ConfigError(
            "vpcId and subnetIds go together; allowed: neither, or both with two subnets or more"
        )
    if config.flow_logs and config.vpc_id:
        raise ConfigError("flowLogs is true; allowed with vpcId: false, an existing network has its owner's")
    zones = config.availability_zones
    if len(zones) not in {0, 2}:
        raise ConfigError(f"availabilityZones has {len(zones)} zones; allowed: none or two")
    for zone in zones:
        if zone[:-1] != region:
            raise ConfigError(f"availabilityZones has {zone!r}; allowed: zones of aws:region, {region}")


def _check_topic(config: Config, region: str) -> None:
    if config.topic_arn and topics.region(config.topic_arn) != region:
        raise ConfigError(f"topicArn is {config.topic_arn!r}; allowed: a topic in aws:region, {region}")


def _check_key(config: Config, region: str) -> None:
    if encryption_keys.region(config.kms_key_arn) not in {"", region}:
        raise ConfigError(f"kmsKeyArn is {config.kms_key_arn!r}; allowed: a key in aws:region, {region}")


def _check_tags(config: Config) -> None:
    if len(config.tags) > _MOST_TAGS:
        raise ConfigError(f"tags has {len(config.tags)} items; allowed: at most {_MOST_TAGS}")
    for name in config.tag_map():
        if name.casefold() in _OUR_TAGS:
            raise ConfigError(f"tags has {name!r}; allowed: any other name, the program itself sets this one")


def _check_suffixes(suffixes: tuple[str, ...]) -> None:
    """S3 refuses two filters of which both match one key ("Overlapping suffixes")."""
    if not 1 <= len(suffixes) <= _MOST_FILTERS:
        raise ConfigError(f"inputSuffixes has {len(suffixes)} items; allowed: 1 to {_MOST_FILTERS}")
    for suffix in suffixes:
        for other in suffixes:
            if suffix != other and suffix.endswith(other):
                raise ConfigError(
                    f"inputSuffixes has {suffix!r} and {other!r}; allowed: none that another ends with"
                )
