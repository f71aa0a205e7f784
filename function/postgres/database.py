"""Connections to PostgreSQL: always TLS, always verified, with short time-outs; one kept for the process."""

import asyncio
import contextlib
import functools
import random
import ssl
import time
from collections.abc import Callable

import asyncpg
from asyncpg.pgproto.pgproto import BufferError  # noqa: A004 it does not derive from the builtin one

from function.domain.errors import DefectError, PipelineError, SettingsError, TransientError
from function.postgres.credentials import Credentials

_CONNECT_SECONDS = 5
_STATEMENT_SECONDS = 10
IDLE_SECONDS = 60
"""After so long without a statement the server ends a connection; `migrate` tells it so."""
PATIENCE = 30.0
"""Seconds that a statement waits for a free connection slot, unless it is told otherwise."""
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 2.0  # seconds; the upper bounds of the waits in between

FAULTS = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the next statement on a connection that the server ended meanwhile
    BufferError,  # an answer that ends too soon
    OSError,  # a time-out is one, a broken TLS too
)
"""All that asyncpg raises."""

# By SQLSTATE or its class, table A-1 of the PostgreSQL manual. All else passes: 08, 25 (standby), 53, 57 ...
_UNMENDED = ("28", "3D", "3F", "42501", "42P01", "42703", "42883")  # password, names, permission, migration
_OURS = ("22", "23", "42")
_OF_VALUES = ("22", "23")
NO_SLOT = (asyncpg.TooManyConnectionsError, asyncpg.ConfigurationLimitExceededError)  # 53300, 53400


async def connect(credentials: Credentials, ca_file: str) -> asyncpg.Connection:
    """Open one connection, verified in full against the certificate authorities in `ca_file`.

    Raises:
        OSError, TimeoutError, ssl.SSLError, asyncpg.PostgresError: as they come; what they mean is
            for the caller to say.
    """
    return await asyncpg.connect(
        host=credentials.host,
        port=credentials.port,
        database=credentials.dbname,
        user=credentials.username,
        password=credentials.password,
        ssl=_trusting(ca_file),
        timeout=_CONNECT_SECONDS,
        command_timeout=_STATEMENT_SECONDS,
        server_settings={"application_name": "csv-pipeline"},
    )


@functools.cache
def _trusting(ca_file: str) -> ssl.SSLContext:
    """Made once: to read some hundred certificates takes longer than to connect."""
    return ssl.create_default_context(cafile=ca_file)


def translated(place: str, error: BaseException) -> PipelineError:
    """One of `FAULTS` as one of our errors; `place` is the host and port."""
    sqlstate = getattr(error, "sqlstate", None) or ""
    message = f"database at {place}: {type(error).__name__}: {_reason(error, sqlstate)}"
    if sqlstate.startswith(_UNMENDED) or isinstance(error, asyncpg.ClientConfigurationError):
        return SettingsError(message)
    if sqlstate.startswith(_OURS):
        return DefectError(message)
    return TransientError(message)


def _reason(error: BaseException, sqlstate: str) -> str:
    """What went wrong, without values that were to be stored.

    The server repeats them in the detail of its answer, and where a value is at fault in all of it; so does
    asyncpg of an argument.
    """
    if not isinstance(error, asyncpg.PostgresError):
        return str(error)
    if sqlstate.startswith(_OF_VALUES):
        return f"SQLSTATE {sqlstate}, constraint {error.constraint_name or 'none'}"
    return str(error.args[0]) if error.args else ""


class Database:
    """One connection, kept across invocations, re-made when it is found dead.

    Args:
        read_secret: fetches the secret's JSON; blocking, called in a thread, again only when the database
            refuses the credentials (they may have been rotated).
        ca_file: see `connect`.
    """

    def __init__(self, read_secret: Callable[[], str], ca_file: str) -> None:
        self._read_secret = read_secret
        self._ca_file = ca_file
        self._credentials: Credentials | None = None
        self._connection: asyncpg.Connection | None = None
        self._used_at = 0.0  # seconds of the wall's clock, which goes on while the process is frozen
        self._turn = asyncio.Lock()  # a connection takes one statement at a time

    async def row(
        self, statement: str, *arguments: object, patience: float | None = None
    ) -> asyncpg.Record | None:
        """Run one statement and return its first row.

        A statement may run twice if the connection dies under it: pass only what may be repeated.

        Args:
            statement: SQL with $1, $2, ...
            arguments: their values.
            patience: seconds to wait while the server has no connection free; by default PATIENCE.

        Raises:
            TransientError: the database cannot be reached, or not now.
            SettingsError: it refuses the credentials, lacks the table, or allows too little.
            DefectError: the statement or its arguments are wrong.
            asyncpg.UniqueViolationError: as it comes.
        """
        rows = await self.rows(statement, *arguments, patience=patience)
        return rows[0] if rows else None

    async def rows(
        self, statement: str, *arguments: object, patience: float | None = None
    ) -> list[asyncpg.Record]:
        """All rows of one statement; otherwise like `row`."""
        async with self._turn:
            if time.time() - self._used_at > IDLE_SECONDS:
                self._drop()  # the server has ended it by now, and a frozen process may not know
            kept = self._connection is not None
            patience = PATIENCE if patience is None else patience
            try:
                return await self._attempt(statement, *arguments, patience=patience)
            except TransientError:
                if not kept:  # a new connection failed: the database is at fault, not its age
                    raise
                return await self._attempt(statement, *arguments, patience=patience)

    async def close(self) -> None:
        """Give the connection back to the server; a later statement connects again."""
        async with self._turn:
            connection, self._connection = self._connection, None
            if connection is not None:
                with contextlib.suppress(*FAULTS):  # it has ended either way
                    await connection.close(timeout=_CONNECT_SECONDS)

    async def _attempt(self, statement: str, *arguments: object, patience: float) -> list[asyncpg.Record]:
        try:
            if self._connection is None or self._connection.is_closed():
                self._connection = await self._connect_when_free(patience)
            rows = await self._connection.fetch(statement, *arguments)
        except asyncpg.UniqueViolationError:
            raise
        except FAULTS as error:
            self._drop()
            raise translated(str(self._credentials), error) from error
        self._used_at = time.time()
        return rows

    async def _connect_when_free(self, patience: float) -> asyncpg.Connection:
        """Connect; while no connection is free, try again, each time after a random part of a longer wait.

        "Full jitter" of M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015: clients
        that were refused together do not come back together.
        """
        until, wait = time.monotonic() + patience, _FIRST_WAIT
        while True:
            try:
                return await self._connect()
            except NO_SLOT:
                if time.monotonic() + wait > until:
                    raise
            await asyncio.sleep(random.uniform(0, wait))  # noqa: S311 it spreads load, it guards nothing
            wait = min(2 * wait, _LONGEST_WAIT)

    async def _connect(self) -> asyncpg.Connection:
        if self._credentials is not None:
            try:
                return await connect(self._credentials, self._ca_file)
            except asyncpg.InvalidAuthorizationSpecificationError:
                self._credentials = None  # refused: look whether the password was rotated
        self._credentials = Credentials.from_secret(await asyncio.to_thread(self._read_secret))
        return await connect(self._credentials, self._ca_file)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
