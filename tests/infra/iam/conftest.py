import asyncio
import json
from collections.abc import Iterator

import pytest

from function.postgres import migrations
from tests.infra.support.iam import Cloud, cloud, environment
from tests.infra.support.program import Program
from tests.support.administrator import admin


@pytest.fixture(scope="module")
def world(dev: Program) -> Iterator[Cloud]:
    with cloud() as running:
        admin = running.postgres.admin
        running.furnish(
            topic=dev.outputs["topic_arn"],
            queue=dev.one("FunctionEventInvokeConfig")["destinationConfig"]["onFailure"]["destination"],
            log_group=dev.outputs["log_group"],
            secrets={
                environment(dev, "-migrate")["MASTER_SECRET_ARN"]: json.dumps(
                    {"username": admin.username, "password": admin.password}
                ),
                dev.outputs["database_secret_arn"]: admin.to_secret(),
            },
        )
        _make_state_machine(running, dev)
        asyncio.run(_prepare(running))
        yield running


def _make_state_machine(world: Cloud, program: Program) -> None:
    role = world.client("iam").create_role(
        RoleName=program.one("StateMachine")["roleArn"].rpartition("/")[2],
        AssumeRolePolicyDocument=program.one("Role", "-fanout")["assumeRolePolicy"],
    )
    world.client("stepfunctions").create_state_machine(
        name=program.one("StateMachine")["name"],
        definition=json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}),
        roleArn=role["Role"]["Arn"],
    )


async def _prepare(world: Cloud) -> None:
    async with admin(world.postgres) as connection:
        await migrations.apply(connection)
