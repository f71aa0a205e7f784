from collections.abc import AsyncIterator, Callable

import pytest

from function.postgres.database import Database
from local.stack import Stack

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
