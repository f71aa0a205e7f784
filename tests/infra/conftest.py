"""The program is run once for each configuration, and looked at by all tests."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.infra.support.formation import Bootstrap, Formation, formation
from tests.infra.support.program import PROJECT, Program, run, stack_config

DEV = stack_config("Pulumi.dev.yaml")
# Production as its example says, in a network that is there already, as is the topic.
PROD = stack_config(
    "Pulumi.prod.yaml.example",
    vpcId="vpc-0a1b",
    subnetIds=["subnet-0a", "subnet-0b"],
    reconcileSchedule="",
    imageCache=False,
)
# Production with all that a security department may ask for; development without.
OPTIONS: dict[str, dict[str, object]] = {
    "dev": {},
    "prod": {"kmsKeyArn": "create", "objectLockDays": 30, "accessLogs": True, "flowLogs": True},
}


@pytest.fixture(scope="session")
def dev() -> Program:
    return run("dev", DEV)


@pytest.fixture(scope="session")
def prod() -> Program:
    return run("prod", PROD)


@pytest.fixture(params=["dev", "prod"])
def program(request: pytest.FixtureRequest) -> Program:
    found: Program = request.getfixturevalue(request.param)
    return found


@dataclass(frozen=True)
class Environment:
    """One environment as docs/deploy.md makes it: the bootstrap, and the program within its boundary."""

    bootstrap: Bootstrap
    program: Program


@pytest.fixture(scope="session")
def account() -> Iterator[Formation]:
    """An account that has GitHub as an identity provider, and nothing else."""
    with formation() as emulator:
        yield emulator


@pytest.fixture(scope="session")
def environments(account: Formation) -> dict[str, Environment]:
    """Two environments, both in one account."""
    made = {}
    for name, file in (("dev", "Pulumi.dev.yaml"), ("prod", "Pulumi.prod.yaml.example")):
        config = stack_config(file, notificationEmails=["on-call@example.com"], **OPTIONS[name])
        bootstrap = account.deploy(parameters(name, config))
        boundary = {f"{PROJECT}:permissionsBoundary": bootstrap.outputs["PermissionsBoundary"]}
        made[name] = Environment(bootstrap, run(name, config | boundary))
    return made


@pytest.fixture(params=["dev", "prod"])
def environment(request: pytest.FixtureRequest, environments: dict[str, Environment]) -> Environment:
    return environments[request.param]


def parameters(name: str, config: dict[str, str]) -> dict[str, str]:
    """What the template is given for a stack of that configuration."""
    return {
        "Environment": name,
        "BucketPrefix": config[f"{PROJECT}:bucketPrefix"],
        "KmsKeyArn": "",
        "TopicArn": config[f"{PROJECT}:topicArn"],
        "GitHubOwner": "Example-Org",
        "GitHubRepository": "csv-pipeline",
        "GitHubRepositoryId": "42",
        "GitHubProviderExists": "true",  # the emulator cannot make one
    }
