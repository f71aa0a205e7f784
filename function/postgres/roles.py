"""The application's way into the database: two login roles with the same rights, used in turn.

A new password is always given to the role that is not in use, so whoever still holds the old credentials can
go on connecting with them (docs/adr/0030-two-roles-in-turn.md).
"""

import base64
import hashlib
import hmac
import secrets

import asyncpg

from function.postgres.database import IDLE_SECONDS

APPLICATION_ROLE = "csv_pipeline"
_ALTERNATE = "csv_pipeline_alternate"
ROLES = (APPLICATION_ROLE, _ALTERNATE)
_SCRAM_ITERATIONS = 4096  # PostgreSQL's own default
_FREE_SLOTS = 5  # of the connections, beside what the server reserves: for migrations, psql and RDS


async def grant(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Make the roles, if they are not there: they may read, add and change files, and nothing else.

    The one function they may call removes the rows of a smoke test.

    All is granted to the first; the second is a member of it and inherits. Neither may take every connection,
    or keep one that it does not use: such settings are not inherited.
    """
    most = await _most_slots(connection)
    for role in ROLES:
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
            await _execute(connection, "CREATE ROLE %1$I LOGIN", role)
        await _execute(connection, "ALTER ROLE %1$I CONNECTION LIMIT %2$s", role, most)
        await _execute(
            connection, "ALTER ROLE %1$I SET idle_session_timeout = %2$L", role, f"{IDLE_SECONDS}s"
        )
    await _execute(connection, "GRANT %1$I TO %2$I", *ROLES)
    await _execute(connection, "GRANT SELECT, INSERT, UPDATE ON file_metadata TO %1$I", APPLICATION_ROLE)
    await _execute(connection, "GRANT USAGE ON SEQUENCE file_metadata_id_seq TO %1$I", APPLICATION_ROLE)
    await _execute(
        connection, "GRANT SELECT, INSERT, UPDATE, DELETE ON reconciliation TO %1$I", APPLICATION_ROLE
    )
    await _execute(connection, "GRANT SELECT, INSERT, UPDATE ON series_overdue TO %1$I", APPLICATION_ROLE)
    await _execute(connection, "GRANT SELECT, INSERT ON contract TO %1$I", APPLICATION_ROLE)  # kept for ever
    await _execute(connection, "GRANT EXECUTE ON FUNCTION forget_smoke(TEXT, TEXT) TO %1$I", APPLICATION_ROLE)


async def set_password(connection: "asyncpg.Connection[asyncpg.Record]", role: str, password: str) -> None:
    """Give a role a password. Sessions that are open stay open."""
    # The verifier, not the password: a statement log must not give the password away.
    await _execute(connection, "ALTER ROLE %1$I PASSWORD %2$L", role, scram_verifier(password))


def other(role: str) -> str:
    """The role whose turn is next."""
    return ROLES[1 - ROLES.index(role)]


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
