"""What a worker's connection makes of a PostgreSQL that is full, failing over, slow, or changing its locks."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace

import pytest

from function.domain.errors import DefectError, SettingsError, TransientError
from function.postgres import database as module
from function.postgres import roles
from function.postgres.credentials import Credentials
from local.postgres.server import Postgres
from local.processes.group import Processes
from tests.integration.support.server import Make, deploy
from tests.support.administrator import admin

pytestmark = pytest.mark.anyio
INSERT = "INSERT INTO probe (n) VALUES (1) RETURNING n"


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A server that the tests of this module may break, with the worker's role and a table to write to."""
    with Processes() as processes, closing(Postgres(processes)) as server:
        server.create()
        asyncio.run(_prepare(server))
        yield server


async def _prepare(server: Postgres) -> None:
    await deploy(server)
    async with admin(server) as connection:
        await connection.execute("CREATE TABLE probe (n INT); GRANT SELECT, INSERT ON probe TO csv_pipeline")


@asynccontextmanager
async def altered(server: Postgres, setting: str, reset: str) -> AsyncIterator[None]:
    """The worker's role with a setting of its own."""
    async with admin(server) as connection:
        await connection.execute(f"ALTER ROLE csv_pipeline {setting}")
        yield
        await connection.execute(f"ALTER ROLE csv_pipeline {reset}")


class Vault:
    """Counts how often the secret is read, and hands out the current one."""

    def __init__(self, credentials: Credentials):
        self.credentials = credentials
        self.reads = 0

    def read(self) -> str:
        self.reads += 1
        return self.credentials.to_secret()


@pytest.fixture
def vault(postgres: Postgres) -> Vault:
    return Vault(replace(postgres.admin, username=roles.APPLICATION_ROLE, password="first"))


@pytest.fixture
def read(vault: Vault) -> Callable[[], str]:
    """Each test can see how often the secret is read, and change it."""
    return vault.read


async def test_too_many_connections_are_a_passing_fault(postgres: Postgres, make: Make) -> None:
    first, second = make(), make()
    async with altered(postgres, "CONNECTION LIMIT 1", "CONNECTION LIMIT -1"):
        assert await first.row(INSERT)
        with pytest.raises(TransientError, match="TooManyConnectionsError"):
            await second.row(INSERT, patience=0)
        await first.close()
        assert await second.row(INSERT)


async def test_a_standby_is_a_passing_fault_and_its_promotion_needs_no_new_worker(
    postgres: Postgres, make: Make
) -> None:
    database = make()
    assert await database.row(INSERT)
    postgres.stop()
    (postgres._data / "standby.signal").touch()
    postgres.start()
    with pytest.raises(TransientError, match="ReadOnlySQLTransactionError"):
        await database.row(INSERT)
    async with admin(postgres) as connection:
        await connection.execute("SELECT pg_promote()")
    assert await database.row(INSERT)


async def test_a_restart_between_two_statements_is_not_noticed(postgres: Postgres, make: Make) -> None:
    database = make()
    assert await database.row(INSERT)
    postgres.stop()
    postgres.start()
    assert await database.row(INSERT)


async def test_a_server_that_stops_under_a_statement_is_a_passing_fault(
    postgres: Postgres, make: Make
) -> None:
    database = make()
    running = asyncio.create_task(database.row("SELECT pg_sleep(5)"))
    await asyncio.sleep(0.3)
    await asyncio.to_thread(postgres.stop)
    with pytest.raises(TransientError, match=f"database at {postgres.admin}: "):
        await running
    postgres.start()
    assert await database.row(INSERT)


async def test_a_statement_that_the_server_cuts_short_is_a_passing_fault(
    postgres: Postgres, make: Make
) -> None:
    async with altered(postgres, "SET statement_timeout = '100ms'", "RESET statement_timeout"):
        with pytest.raises(TransientError, match="QueryCanceledError"):
            await make().row("SELECT pg_sleep(5)")


async def test_a_server_that_says_nothing_more_is_given_up_in_seconds(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_STATEMENT_SECONDS", 0.3)
    database = make()
    with pytest.raises(TransientError, match="TimeoutError"):
        await database.row("SELECT pg_sleep(5)")
    assert await database.row(INSERT)


async def test_an_address_that_never_answers_is_given_up_in_seconds_and_named(
    postgres: Postgres, vault: Vault, make: Make
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        vault.credentials = replace(vault.credentials, port=deaf.getsockname()[1])
        began = time.monotonic()
        with pytest.raises(TransientError, match=f"database at {vault.credentials}: TimeoutError"):
            await make().row(INSERT)
        assert time.monotonic() - began < 8


async def test_a_password_that_was_rotated_costs_one_more_look_at_the_secret(
    postgres: Postgres, vault: Vault, make: Make
) -> None:
    database = make()
    assert await database.row(INSERT)
    async with admin(postgres) as connection:
        await roles.set_password(connection, roles.APPLICATION_ROLE, "second")
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'csv_pipeline'"
        )
    vault.credentials = replace(vault.credentials, password="second")
    assert await database.row(INSERT)
    assert vault.reads == 2
    async with admin(postgres) as connection:
        await roles.set_password(connection, roles.APPLICATION_ROLE, "first")


async def test_a_password_that_stays_wrong_is_told_as_something_to_mend(vault: Vault, make: Make) -> None:
    vault.credentials = replace(vault.credentials, password="wrong")
    database = make()
    for reads in (1, 2):
        with pytest.raises(SettingsError, match="InvalidPasswordError"):
            await database.row(INSERT)
        assert vault.reads == reads


async def test_a_database_or_table_that_is_not_there_is_something_to_mend(vault: Vault, make: Make) -> None:
    with pytest.raises(SettingsError, match="UndefinedTableError"):
        await make().row("SELECT * FROM not_migrated")
    vault.credentials = replace(vault.credentials, dbname="elsewhere")
    with pytest.raises(SettingsError, match="InvalidCatalogNameError"):
        await make().row(INSERT)


async def test_a_statement_that_can_never_succeed_is_our_own_fault_and_not_repeated(
    make: Make,
) -> None:
    database = make()
    for wrong in ("SELEC 1", "SELECT 1 / 0", "SELECT '\\u0000'::jsonb"):
        with pytest.raises(DefectError):
            await database.row(wrong)
    assert await database.row(INSERT)
