"""Connections to PostgreSQL: always TLS, always verified, with short time-outs; one kept for the process."""

import asyncio
import json
import ssl
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Self

import asyncpg

from function.errors import SettingsError, TransientError

_CONNECT_SECONDS = 5
_STATEMENT_SECONDS = 10

_FAULTS = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the next statement on a connection that the server ended meanwhile
    OSError,
    TimeoutError,
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Where the database is and who is asking; the fields of the standard RDS secret."""

    host: str
    port: int
    dbname: str
    username: str
    password: str = field(repr=False)

    @classmethod
    def from_secret(cls, secret: str) -> Self:
        """Read the JSON that Secrets Manager keeps for an RDS database.

        Raises:
            SettingsError: a field is missing; the values are not repeated in the message.
        """
        try:
            words = json.loads(secret)
            return cls(
                host=words["host"],
                port=int(words.get("port", 5432)),
                dbname=words["dbname"],
                username=words["username"],
                password=words["password"],
            )
        except (KeyError, TypeError, ValueError) as error:
            what = f"has no field {error}" if isinstance(error, KeyError) else "is not of that form"
            raise SettingsError(
                "the database secret must be JSON with host, port, dbname, username, password; it " + what
            ) from None

    def to_secret(self) -> str:
        """The standard JSON form of an RDS secret."""
        return json.dumps({"engine": "postgres", **asdict(self)})


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
        ssl=ssl.create_default_context(cafile=ca_file),
        timeout=_CONNECT_SECONDS,
        command_timeout=_STATEMENT_SECONDS,
        server_settings={"application_name": "csv-pipeline"},
    )


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
        self._turn = asyncio.Lock()  # a connection takes one statement at a time

    async def row(self, statement: str, *arguments: object) -> asyncpg.Record | None:
        """Run one statement and return its first row.

        A statement may run twice if the connection dies under it: pass only what may be repeated.

        Raises:
            TransientError: the database cannot be reached or refuses.
            asyncpg.UniqueViolationError: as it comes.
        """
        async with self._turn:
            kept = self._connection is not None
            try:
                return await self._attempt(statement, *arguments)
            except TransientError:
                if not kept:  # a new connection failed: the database is at fault, not its age
                    raise
                return await self._attempt(statement, *arguments)

    async def close(self) -> None:
        """Say goodbye; a later statement connects again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _attempt(self, statement: str, *arguments: object) -> asyncpg.Record | None:
        try:
            if self._connection is None or self._connection.is_closed():
                self._connection = await self._connect()
            return await self._connection.fetchrow(statement, *arguments)
        except asyncpg.UniqueViolationError:
            raise
        except _FAULTS as error:
            self._drop()
            place = self._credentials.host if self._credentials else "unknown host"
            raise TransientError(f"database at {place}: {type(error).__name__}: {error}") from error

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
