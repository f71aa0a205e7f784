"""How a connection to PostgreSQL is made: always TLS, always verified, with short time-outs."""

import json
import ssl
from dataclasses import asdict, dataclass, field
from typing import Self

import asyncpg

from function.errors import SettingsError

_CONNECT_SECONDS = 5
_STATEMENT_SECONDS = 10


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


async def connect(credentials: Credentials, ca_file: str) -> "asyncpg.Connection[asyncpg.Record]":
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
