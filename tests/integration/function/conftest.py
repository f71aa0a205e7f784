from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing

import pytest

from function.postgres import roles
from function.postgres.database import Database
from local.processes.group import Processes
from local.stack import Stack
from tests.integration.support.ground import Ground, session, used

MakeDatabase = Callable[[Callable[[], str]], Database]


@pytest.fixture
def secret(stack: Stack) -> str:
    """The application's credentials, as the function gets them."""
    vault = stack.client("secretsmanager")
    return vault.get_secret_value(SecretId=stack.names.database_secret_arn)["SecretString"]


@pytest.fixture
async def make_database(stack: Stack) -> AsyncIterator[MakeDatabase]:
    """Makes a database like that of a worker, from the function that reads its secret."""
    made: list[Database] = []

    def make(read_secret: Callable[[], str]) -> Database:
        made.append(Database(read_secret, str(stack.postgres.ca_file)))
        return made[-1]

    yield make
    for database in made:
        await database.close()


@pytest.fixture
async def database(make_database: MakeDatabase, secret: str) -> Database:
    """One worker's."""
    return make_database(lambda: secret)


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    with Processes() as processes:
        ground = Ground(processes)
        with closing(ground.postgres):
            yield ground


@pytest.fixture
async def environ(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    for name, value in ground.aws.items():
        monkeypatch.setenv(name, value)
    variables = ground.fresh()
    async with session(ground, ground.postgres.admin) as connection:
        await connection.execute(f"CREATE DATABASE {variables['DATABASE_NAME']}")
        for name in roles.ROLES:  # they belong to the server, not to a database
            await connection.execute(f"DROP ROLE IF EXISTS {name}") if not await used(
                connection, name
            ) else None
            if await used(connection, name):
                await connection.execute(f"ALTER ROLE {name} PASSWORD NULL")
    return variables
