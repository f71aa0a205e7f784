"""The database of the embedded stack, as the migrate function leaves one in AWS."""

import asyncio
import secrets
from dataclasses import replace

from function import migrations, role
from function.credentials import Credentials
from function.database import connect
from local.postgres import Postgres


def create_database(postgres: Postgres) -> Credentials:
    """Start the server, bring the schema up to date and create the application's role."""
    postgres.create()
    application = replace(postgres.admin, username=role.APPLICATION_ROLE, password=secrets.token_urlsafe(16))
    asyncio.run(_migrate(postgres, application))
    return application


async def _migrate(postgres: Postgres, application: Credentials) -> None:
    connection = await connect(postgres.admin, str(postgres.ca_file))
    try:
        await migrations.apply(connection)
        await role.grant(connection)
        await role.set_password(connection, application.username, application.password)
    finally:
        await connection.close()
