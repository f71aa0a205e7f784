"""The migrate function against a database and a secret that are really there."""

import asyncio
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from function import migrate_handler
from function.aws.secret import Secret
from function.postgres import migrations, roles
from function.postgres.credentials import Credentials
from function.postgres.database import connect
from infra.monitoring.metrics import OF_MIGRATE
from tests.integration.support.ground import Ground, session, used, works
from tests.support.log_filter import matches

pytestmark = pytest.mark.anyio


async def test_the_first_run_makes_schema_role_and_password(ground: Ground, environ: dict[str, str]) -> None:
    done = await migrate_handler.run(environ, rotate=False)
    assert done == {"applied": [name for name, _ in migrations.files()], "role": "csv_pipeline"}
    handed_out = ground.handed_out(environ)
    assert handed_out.username == "csv_pipeline"
    assert await works(ground, handed_out)


async def test_a_run_without_rotation_keeps_the_password(ground: Ground, environ: dict[str, str]) -> None:
    await migrate_handler.run(environ, rotate=False)
    before = ground.vault.list_secret_version_ids(SecretId=environ["DATABASE_SECRET_ARN"])["Versions"]
    first = ground.handed_out(environ)
    assert (await migrate_handler.run(environ, rotate=False))["applied"] == []
    assert ground.handed_out(environ) == first
    assert await works(ground, first)
    after = ground.vault.list_secret_version_ids(SecretId=environ["DATABASE_SECRET_ARN"])["Versions"]
    assert len(after) == len(before)


async def test_only_a_run_that_changes_the_schema_is_counted_as_the_first_reconciliation(
    environ: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    [metric] = OF_MIGRATE
    await migrate_handler.run(environ, rotate=False)
    await migrate_handler.run(environ, rotate=False)
    await migrate_handler.run(environ, rotate=True)
    lines = [{"message": each.getMessage(), **vars(each)} for each in caplog.records]
    told = [line for line in lines if line["message"] == "migrated"]
    assert [matches(metric.lines, line) for line in told] == [True, False, False]


async def test_a_rotation_leaves_the_former_credentials_valid_until_the_next(
    ground: Ground, environ: dict[str, str]
) -> None:
    await migrate_handler.run(environ, rotate=False)
    generations = [ground.handed_out(environ)]
    for _ in range(3):
        await migrate_handler.run(environ, rotate=True)
        generations.append(ground.handed_out(environ))
        valid = [await works(ground, each) for each in generations]
        assert valid == [False] * (len(generations) - 2) + [True, True]
    assert [each.username for each in generations] == [*roles.ROLES, *roles.ROLES]
    assert len({each.password for each in generations}) == 4


async def test_a_run_without_rotation_keeps_the_password_of_the_second_role_too(
    ground: Ground, environ: dict[str, str]
) -> None:
    await migrate_handler.run(environ, rotate=True)
    await migrate_handler.run(environ, rotate=True)
    rotated = ground.handed_out(environ)
    assert rotated.username == roles.ROLES[1]
    await migrate_handler.run(environ, rotate=False)
    assert ground.handed_out(environ) == rotated
    assert await works(ground, rotated)


class DiedError(Exception):
    """The function was killed."""


@pytest.mark.parametrize("step", ["set_password", "connect", "write", "written"])
async def test_a_rotation_that_dies_leaves_credentials_that_work_and_the_next_one_succeeds(
    ground: Ground, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    await migrate_handler.run(environ, rotate=False)
    write = Secret.write

    async def die(*_: object) -> None:
        raise DiedError

    async def refuse_the_application(who: Credentials, ca_file: str) -> Any:
        return await connect(who, ca_file) if who.username == ground.postgres.admin.username else await die()

    def die_at_writing(secret: Secret, value: str) -> None:
        if step == "written":
            write(secret, value)
        raise DiedError

    with monkeypatch.context() as broken:
        if step == "set_password":
            broken.setattr(roles, "set_password", die)
        elif step == "connect":
            broken.setattr("function.migrate_handler.connect", refuse_the_application)
        else:
            broken.setattr(Secret, "write", die_at_writing)
        with pytest.raises(DiedError):
            await migrate_handler.run(environ, rotate=True)
    left = ground.handed_out(environ)
    assert await works(ground, left)
    await migrate_handler.run(environ, rotate=True)
    healed = ground.handed_out(environ)
    assert healed.username != left.username
    assert await works(ground, healed)
    assert await works(ground, left)


async def test_a_password_that_the_database_has_forgotten_is_set_again(
    ground: Ground, environ: dict[str, str]
) -> None:
    """As after a restore from a snapshot of before the last rotation."""
    await migrate_handler.run(environ, rotate=False)
    async with session(ground, replace(ground.postgres.admin, dbname=environ["DATABASE_NAME"])) as connection:
        await roles.set_password(connection, "csv_pipeline", "another")
    assert not await works(ground, ground.handed_out(environ))
    await migrate_handler.run(environ, rotate=False)
    assert await works(ground, ground.handed_out(environ))


async def test_rotations_at_the_same_time_take_turns(ground: Ground, environ: dict[str, str]) -> None:
    await migrate_handler.run(environ, rotate=False)

    def rotate() -> Any:
        return asyncio.run(migrate_handler.run(environ, rotate=True))

    await asyncio.gather(*(asyncio.to_thread(rotate) for _ in range(4)))
    assert await works(ground, ground.handed_out(environ))


async def test_credentials_of_somebody_else_are_not_taken_over(
    ground: Ground, environ: dict[str, str]
) -> None:
    admin = ground.postgres.admin
    ground.vault.put_secret_value(SecretId=environ["DATABASE_SECRET_ARN"], SecretString=admin.to_secret())
    await migrate_handler.run(environ, rotate=False)
    handed_out = ground.handed_out(environ)
    assert handed_out.username == "csv_pipeline"
    assert handed_out.password != admin.password


async def test_the_roles_can_be_made_by_a_master_that_is_no_superuser(
    ground: Ground, environ: dict[str, str]
) -> None:
    """RDS gives nobody a superuser."""
    async with session(ground, ground.postgres.admin) as connection:
        for name in reversed(roles.ROLES):
            await _drop(ground, connection, name)
        await connection.execute("CREATE ROLE master LOGIN CREATEROLE PASSWORD 'secret'")
        await connection.execute(f"ALTER DATABASE {environ['DATABASE_NAME']} OWNER TO master")
    master = replace(
        ground.postgres.admin, dbname=environ["DATABASE_NAME"], username="master", password="secret"
    )
    async with session(ground, master) as connection:
        await migrations.apply(connection)
        await roles.grant(connection)
        await roles.grant(connection)  # again, as on the next deployment
        for name in roles.ROLES:
            await roles.set_password(connection, name, f"password of {name}")
    for name in roles.ROLES:
        assert await works(ground, replace(master, username=name, password=f"password of {name}"))


async def _drop(ground: Ground, connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> None:
    for row in await connection.fetch("SELECT datname FROM pg_database WHERE datname LIKE 'fresh%'"):
        async with session(ground, replace(ground.postgres.admin, dbname=row["datname"])) as inside:
            if await used(inside, name):
                await inside.execute(f"DROP OWNED BY {name}")
    await connection.execute(f"DROP ROLE IF EXISTS {name}")
