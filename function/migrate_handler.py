"""The Lambda entry point that brings the database up to date and hands out the application's credentials.

The only function that may read the master password. The application's is made here and goes straight to
Secrets Manager: it is never in an argument, a log or a deployment's state.
"""

import asyncio
import json
import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import asyncpg
import botocore.session

from function.aws import clients
from function.aws.secret import Secret
from function.domain.errors import EventError, SettingsError
from function.domain.model import Document
from function.postgres import database, migrations, roles
from function.postgres.credentials import Credentials
from function.postgres.database import connect

_LOG = logging.getLogger(__name__)
_LOG.setLevel(logging.INFO)


def handler(event: Mapping[str, Any], context: object) -> Document:
    """Apply the migrations that are missing, and see to it that the secret holds credentials that work.

    Args:
        event: {"rotate": true} gives the application a new password; without it, the present one is kept.
        context: Lambda's, of which nothing is used.

    Returns:
        {"applied": names of the migrations applied now, "role": who the application logs in as}.

    Raises:
        EventError: `rotate` is neither true nor false.
        PipelineError: naming the service, and its address, that failed. Running again is always safe.
    """
    rotate = event.get("rotate", False)
    if not isinstance(rotate, bool):
        raise EventError(f"rotate is {rotate!r}, not true or false")
    return asyncio.run(run(os.environ, rotate=rotate))


async def run(environ: Mapping[str, str], *, rotate: bool) -> Document:
    """What `handler` does, with these environment variables."""
    ca_file = environ["DATABASE_CA_FILE"]
    vault = clients.secrets_manager(botocore.session.get_session())
    secret = Secret(vault, environ["DATABASE_SECRET_ARN"])
    admin = _admin(environ, Secret(vault, environ["MASTER_SECRET_ARN"]).read())
    try:
        connection = await connect(admin, ca_file)
        try:
            applied = await migrations.apply(connection)
            async with migrations.alone(connection):  # two rotations at once would each undo the other
                await roles.grant(connection)
                application = await _hand_out(connection, admin, secret, ca_file, rotate=rotate)
        finally:
            await connection.close()
    except database.FAULTS as error:
        raise database.translated(str(admin), error) from error
    _LOG.info("migrated", extra={"applied": applied, "role": application.username, "rotated": rotate})
    return {"applied": applied, "role": application.username}


def _admin(environ: Mapping[str, str], master: str) -> Credentials:
    """The master's credentials: RDS keeps user name and password, the deployment knows the rest."""
    try:
        words = json.loads(master)
        username, password = words["username"], words["password"]
    except (KeyError, TypeError, ValueError):
        raise SettingsError("the master secret must be JSON with username and password") from None
    return Credentials(
        host=environ["DATABASE_HOST"],
        port=int(environ["DATABASE_PORT"]),
        dbname=environ["DATABASE_NAME"],
        username=username,
        password=password,
    )


async def _hand_out(
    connection: "asyncpg.Connection[asyncpg.Record]",
    admin: Credentials,
    secret: Secret,
    ca_file: str,
    *,
    rotate: bool,
) -> Credentials:
    """Give the application's role its password and put it into the secret, in that order.

    Whatever step this dies in, the secret holds credentials that work: the former ones until the last step.
    """
    current = _current(secret)
    if current is None:
        username, password = roles.APPLICATION_ROLE, secrets.token_urlsafe(32)
    elif rotate:
        username, password = roles.other(current.username), secrets.token_urlsafe(32)
    else:  # said again, in case the database was restored from a time before that password
        username, password = current.username, current.password
    application = replace(admin, username=username, password=password)
    await roles.set_password(connection, username, password)
    await (await connect(application, ca_file)).close()  # nobody is told what does not work
    if application != current:
        secret.write(application.to_secret())
    return application


def _current(secret: Secret) -> Credentials | None:
    """The credentials handed out last; None if there are none, or they are none of ours."""
    value = secret.read_if_any()
    current = Credentials.from_secret(value) if value else None
    return current if current and current.username in roles.ROLES else None
