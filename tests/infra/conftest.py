"""The program is run once for each configuration, and looked at by all tests."""

import pytest

from tests.infra.program import Program, run, stack_config

DEV = stack_config("Pulumi.dev.yaml")
# Production as its example says, in a network that is there already, as is the topic.
PROD = stack_config(
    "Pulumi.prod.yaml.example",
    vpcId="vpc-0a1b",
    subnetIds=["subnet-0a", "subnet-0b"],
    reconcileSchedule="",
    imageCache=False,
)


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
