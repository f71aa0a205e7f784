import asyncio
import json
from dataclasses import replace

import asyncpg
import certifi
import pytest

from function.domain.errors import SettingsError, TransientError
from function.postgres import migrations, roles
from function.postgres.credentials import Credentials
from function.postgres.database import Database, connect
from local.stack import Stack
from tests.integration.function.conftest import MakeDatabase
from tests.support import uploads

pytestmark = pytest.mark.anyio


async def pid(database: Database) -> int:
    row = await database.row("SELECT pg_backend_pid() AS pid")
    assert row
    return int(row["pid"])


async def test_one_connection_serves_all_statements(database: Database) -> None:
    assert await pid(database) == await pid(database)


async def test_a_connection_that_died_is_made_again_without_a_fault(database: Database, stack: Stack) -> None:
    before = await pid(database)
    killer = await asyncpg.connect(stack.postgres.dsn)
    await killer.execute("SELECT pg_terminate_backend($1)", before)
    await killer.close()
    assert await pid(database) != before


async def test_a_password_that_was_rotated_is_read_again(make_database: MakeDatabase, secret: str) -> None:
    old = replace(Credentials.from_secret(secret), password="no longer").to_secret()
    secrets = iter([old, secret])
    database = make_database(lambda: next(secrets))
    with pytest.raises(SettingsError, match="InvalidPasswordError"):
        await pid(database)  # what was just read is refused: there is nothing newer to be had
    assert await pid(database)


async def test_a_database_that_is_away_is_named(make_database: MakeDatabase, secret: str) -> None:
    nowhere = replace(Credentials.from_secret(secret), port=1).to_secret()
    with pytest.raises(TransientError, match=r"database at 127\.0\.0\.1:1: ConnectionRefused"):
        await pid(make_database(lambda: nowhere))


async def test_a_certificate_of_another_authority_is_refused(secret: str) -> None:
    with pytest.raises(TransientError, match="certificate verify failed"):
        await pid(Database(lambda: secret, certifi.where()))


def test_a_secret_that_lacks_a_field_names_the_field_and_not_the_password() -> None:
    text = json.dumps({"host": "h", "username": "u", "password": "hush"})
    with pytest.raises(SettingsError, match="'dbname'") as caught:
        Credentials.from_secret(text)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "not json", "[]", '"text"', '{"host": 1, "port": "x"}'])
def test_a_secret_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="host, port, dbname"):
        Credentials.from_secret(text)


def test_credentials_never_show_their_password(secret: str) -> None:
    credentials = Credentials.from_secret(secret)
    assert credentials.password not in repr(credentials)


async def test_the_application_may_not_delete_rows_nor_change_the_table(database: Database) -> None:
    for statement in (
        "DELETE FROM file_metadata RETURNING id",
        "TRUNCATE file_metadata",
        "DROP TABLE file_metadata",
        "ALTER TABLE file_metadata ADD COLUMN x INT",
        "CREATE TABLE mine (x INT)",
        "UPDATE schema_migrations SET name = name RETURNING name",
    ):
        with pytest.raises(SettingsError, match=r"(permission denied|must be owner)"):
            await Database(database._read_secret, database._ca_file).row(statement)


async def test_migrations_run_once_however_many_deploy_at_once(stack: Stack) -> None:
    admin = stack.postgres.admin
    connection = await connect(admin, str(stack.postgres.ca_file))
    await connection.execute("CREATE DATABASE deployed")
    await connection.close()
    fresh = replace(admin, dbname="deployed")
    deployers = [await connect(fresh, str(stack.postgres.ca_file)) for _ in range(4)]
    applied = await asyncio.gather(*(migrations.apply(deployer) for deployer in deployers))
    assert sorted(applied) == [[], [], [], [name for name, _ in migrations.files()]]
    assert await deployers[0].fetchval("SELECT count(*) FROM file_metadata") == 0
    for deployer in deployers:
        await deployer.close()


def test_a_password_is_known_to_the_server_only_by_its_verifier(stack: Stack) -> None:
    (row,) = uploads.query(
        stack, "SELECT rolpassword FROM pg_authid WHERE rolname = $1", roles.APPLICATION_ROLE
    )
    assert row["rolpassword"].startswith("SCRAM-SHA-256$4096:")
