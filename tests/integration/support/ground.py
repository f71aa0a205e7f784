"""A database server and two secrets, for the migrate function to begin with."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import asyncpg
import pytest

from function.postgres.credentials import Credentials
from function.postgres.database import connect
from local.aws.emulator import Emulator
from local.postgres.server import Postgres
from local.processes.group import Processes


class Ground:
    """A database server without a schema, and two secrets, of which only the master's has a value."""

    def __init__(self, processes: Processes):
        self.postgres = Postgres(processes)
        self.postgres.create()
        emulator = Emulator(processes)
        emulator.start()
        self.aws = emulator.environment
        self.vault = emulator.client("secretsmanager")
        self._databases = 0

    def fresh(self) -> dict[str, str]:
        """The migrate function's environment, for a database and secrets that nobody has touched."""
        self._databases += 1
        name, admin = f"fresh{self._databases}", self.postgres.admin
        master = {"username": admin.username, "password": admin.password}
        made = self.vault.create_secret(Name=f"{name}/master", SecretString=json.dumps(master))
        return {
            "MASTER_SECRET_ARN": made["ARN"],
            "DATABASE_SECRET_ARN": self.vault.create_secret(Name=f"{name}/database")["ARN"],
            "DATABASE_HOST": admin.host,
            "DATABASE_PORT": str(admin.port),
            "DATABASE_NAME": name,
            "DATABASE_CA_FILE": str(self.postgres.ca_file),
        }

    def handed_out(self, environ: Mapping[str, str]) -> Credentials:
        value = self.vault.get_secret_value(SecretId=environ["DATABASE_SECRET_ARN"])["SecretString"]
        return Credentials.from_secret(value)


async def used(connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> bool:
    return bool(await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name))


@asynccontextmanager
async def session(ground: Ground, who: Credentials) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    connection = await connect(who, str(ground.postgres.ca_file))
    try:
        yield connection
    finally:
        await connection.close()


async def works(ground: Ground, who: Credentials) -> bool:
    """Whether these credentials let the application do its work."""
    try:
        async with session(ground, who) as connection:
            await connection.fetch("SELECT * FROM file_metadata")
            await connection.fetch("SELECT nextval('file_metadata_id_seq')")
            await connection.execute("DELETE FROM reconciliation")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute("DELETE FROM file_metadata")
    except asyncpg.InvalidPasswordError:
        return False
    return True
