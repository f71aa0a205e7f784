"""Brings the database to the current schema and gives the application a role of its own.

In AWS `handler` runs as a function of its own, the only one that may read the master password.
The application's password is made here and goes straight to Secrets Manager: it is never in an
argument, a log or a deployment's state.
"""

import asyncio
import base64
import hashlib
import hmac
import importlib.resources
import json
import logging
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import asyncpg

from function.credentials import Credentials
from function.database import IDLE_SECONDS, connect

_LOG = logging.getLogger(__name__)
_LOCK = 7_267_835_001  # any number, as long as nothing else in this database takes the same advisory lock
_SCRAM_ITERATIONS = 4096  # PostgreSQL's own default
APPLICATION_ROLE = "csv_pipeline"
_FREE_SLOTS = 5  # of the connections, beside what the server reserves: for this function, psql and RDS


def handler(event: Mapping[str, Any], context: object) -> dict[str, list[str]]:
    """Lambda entry point; `event` is ignored. Returns the names of the migrations applied now."""
    return {"applied": asyncio.run(_deploy(os.environ))}


async def _deploy(environ: Mapping[str, str]) -> list[str]:
    import boto3  # noqa: PLC0415 the laptop applies migrations without it

    vault = boto3.client("secretsmanager")
    master = json.loads(vault.get_secret_value(SecretId=environ["MASTER_SECRET_ARN"])["SecretString"])
    admin = Credentials(
        host=environ["DATABASE_HOST"],
        port=int(environ["DATABASE_PORT"]),
        dbname=environ["DATABASE_NAME"],
        username=master["username"],
        password=master["password"],
    )
    secret_arn = environ["DATABASE_SECRET_ARN"]
    password = _current_password(vault, secret_arn) or secrets.token_urlsafe(32)
    connection = await connect(admin, environ["DATABASE_CA_FILE"])
    try:
        applied = await apply(connection)
        await grant(connection, APPLICATION_ROLE, password)
    finally:
        await connection.close()
    application = replace(admin, username=APPLICATION_ROLE, password=password)
    vault.put_secret_value(SecretId=secret_arn, SecretString=application.to_secret())
    return applied


def _current_password(vault: Any, secret_arn: str) -> str | None:
    """The password already handed out, so that running again does not lock out a live function."""
    try:
        secret = vault.get_secret_value(SecretId=secret_arn)["SecretString"]
    except vault.exceptions.ResourceNotFoundException:  # the secret has no value yet
        return None
    return Credentials.from_secret(secret).password


async def apply(connection: "asyncpg.Connection[asyncpg.Record]") -> list[str]:
    """Apply the migrations that are missing, each in its own transaction, one deployer at a time.

    Returns:
        Their file names, in order; empty if the schema was current.
    """
    await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
    try:
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations"
            " (name TEXT PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())"
        )
        done = {row["name"] for row in await connection.fetch("SELECT name FROM schema_migrations")}
        missing = [(name, sql) for name, sql in migrations() if name not in done]
        for name, sql in missing:
            async with connection.transaction():
                await connection.execute(sql)
                await connection.execute("INSERT INTO schema_migrations (name) VALUES ($1)", name)
            _LOG.info("migration applied", extra={"migration": name})
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)
    return [name for name, _ in missing]


def migrations() -> Iterator[tuple[str, str]]:
    """Every migration as (file name, SQL), in the order of its number."""
    folder = importlib.resources.files("function.migrations")
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".sql"):
            yield file.name, file.read_text(encoding="utf-8")


async def grant(connection: "asyncpg.Connection[asyncpg.Record]", user: str, password: str) -> None:
    """Create or update the login role `user`: it may read, add and change files, and nothing else.

    Nor may it take every connection, or keep one that it does not use.
    """
    if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", user):
        await _execute(connection, "CREATE ROLE %1$I LOGIN", user)
    # The verifier, not the password: a statement log must not give the password away.
    await _execute(connection, "ALTER ROLE %1$I PASSWORD %2$L", user, scram_verifier(password))
    await _execute(connection, "ALTER ROLE %1$I CONNECTION LIMIT %2$s", user, await _most_slots(connection))
    await _execute(connection, "ALTER ROLE %1$I SET idle_session_timeout = %2$L", user, f"{IDLE_SECONDS}s")
    await _execute(connection, "GRANT SELECT, INSERT, UPDATE ON file_metadata TO %1$I", user)
    await _execute(connection, "GRANT USAGE ON SEQUENCE file_metadata_id_seq TO %1$I", user)
    await _execute(connection, "GRANT SELECT, INSERT, UPDATE, DELETE ON reconciliation TO %1$I", user)


async def _most_slots(connection: "asyncpg.Connection[asyncpg.Record]") -> str:
    """How many of the server's connections the application may take at once."""
    most = await connection.fetchval(
        "SELECT current_setting('max_connections')::int - $1::int"
        " - current_setting('superuser_reserved_connections')::int"
        " - coalesce(current_setting('reserved_connections', true)::int, 0)",  # from PostgreSQL 16 on
        _FREE_SLOTS,
    )
    return str(max(1, most))


async def _execute(connection: "asyncpg.Connection[asyncpg.Record]", template: str, *words: str) -> None:
    """Run a statement that takes no parameters, quoted by the server's own format()."""
    statement = await connection.fetchval("SELECT format($1, VARIADIC $2::text[])", template, list(words))
    await connection.execute(statement)


def scram_verifier(password: str, salt: bytes | None = None) -> str:
    """What PostgreSQL stores of a password: RFC 5802's StoredKey and ServerKey with SHA-256 (RFC 7677)."""
    salt = salt or secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _SCRAM_ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    encoded = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${_SCRAM_ITERATIONS}:{encoded[0]}${encoded[1]}:{encoded[2]}"
