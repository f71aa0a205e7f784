"""The database of the embedded stack, as the migrate function leaves one in AWS."""

import asyncio
import secrets
from dataclasses import replace

from function.postgres import migrations, roles
from function.postgres.credentials import Credentials
from function.postgres.database import connect
from local.postgres.server import Postgres


def create_database(postgres: Postgres) -> Credentials:
    """Start the server, bring the schema up to date and create the application's role."""
    postgres.create()
    application = replace(postgres.admin, username=roles.APPLICATION_ROLE, password=secrets.token_urlsafe(16))
    asyncio.run(_migrate(postgres, application))
    return application


async def _migrate(postgres: Postgres, application: Credentials) -> None:
    connection = await connect(postgres.admin, str(postgres.ca_file))
    try:
        await migrations.apply(connection)
        await roles.grant(connection)
        await roles.set_password(connection, application.username, application.password)
    finally:
        await connection.close()
