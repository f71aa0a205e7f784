"""The program is run once for each configuration, and looked at by all tests."""

import pytest

from tests.infra.program import Program, run, stack_config

IN_ANOTHER_NETWORK = {"vpcId": "vpc-0a1b", "subnetIds": ["subnet-0a", "subnet-0b"]}


@pytest.fixture(scope="session")
def dev() -> Program:
    return run("dev", stack_config("Pulumi.dev.yaml"))


@pytest.fixture(scope="session")
def prod() -> Program:
    """Production as its example says, in a network and with a topic that are there already."""
    config = stack_config(
        "Pulumi.prod.yaml.example", **IN_ANOTHER_NETWORK, reconcileSchedule="rate(1 hour)", imageCache=False
    )
    return run("prod", config)


@pytest.fixture(params=["dev", "prod"])
def program(request: pytest.FixtureRequest) -> Program:
    found: Program = request.getfixturevalue(request.param)
    return found
