"""What the program is told by Pulumi: the stack's name, its region and its configuration, all checked."""

import re
from typing import NamedTuple

import pulumi
from pulumi.runtime import config as given

from infra.configuration import consistency
from infra.configuration.config import Config
from infra.configuration.keys import ConfigError, refuse_unknown

# The longest name that is made is a role's, `<name>-reconcile-0a1b2c3`: IAM takes 64 characters.
_LONGEST = 64 - len("-reconcile-0a1b2c3")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)  # RDS is the strictest: "DBInstanceIdentifier"
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}", re.ASCII)
_OTHER_PARTITIONS = ("cn-", "us-gov-", "us-iso", "eu-iso", "eusc-")


class Context(NamedTuple):
    """All that the program is told.

    Attributes:
        name: `<project>-<stack>`, what every name begins with but the buckets'.
        region: a region of the partition aws.
        config: the stack's choices.
    """

    name: str
    region: str
    config: Config


def read() -> Context:
    """Read and check everything, before anything is made.

    Raises:
        ConfigError: naming what is wrong, what it is, and what is allowed.
    """
    name = stack_name(pulumi.get_project(), pulumi.get_stack())
    region = checked_region(pulumi.Config("aws").get("region"))
    refuse_unknown(_given_keys(pulumi.get_project()), Config.keys())
    config = Config.parse(pulumi.Config().get)
    consistency.check(config, region)
    return Context(name, region, config)


def stack_name(project: str, stack: str) -> str:
    """The beginning of all names.

    Raises:
        ConfigError: AWS would refuse a name that begins so.
    """
    name = f"{project}-{stack}"
    if len(name) > _LONGEST or not _NAME.fullmatch(name):
        longest = _LONGEST - len(project) - 1
        raise ConfigError(
            f"the stack is {stack!r}, and names in AWS begin with {name!r}; allowed: lower-case letters,"
            f" digits and single hyphens between them, {longest} characters at most, such as dev or prod-eu"
        )
    return name


def checked_region(region: str | None) -> str:
    """The region, if the pipeline works there.

    Raises:
        ConfigError: it is missing, not shaped like a region, or in a partition that is not supported.
    """
    allowed = "allowed: a region of AWS such as eu-central-1"
    if not region:
        raise ConfigError(f"aws:region is not set: pulumi config set aws:region REGION; {allowed}")
    if not _REGION.fullmatch(region):
        raise ConfigError(f"aws:region is {region!r}; {allowed}")
    if region.startswith(_OTHER_PARTITIONS):
        raise ConfigError(
            f"aws:region is {region!r}; {allowed}; China, GovCloud, the sovereign and the isolated regions"
            " are not supported (docs/limits.md)"
        )
    return region


def _given_keys(project: str) -> list[str]:
    """The keys that are set for this project, wherever the language host has put them."""
    namespace = f"{project}:"
    settings = given.get_config_env() | given.CONFIG.get()
    return [key.removeprefix(namespace) for key in settings if key.startswith(namespace)]
