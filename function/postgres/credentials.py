"""Where the database is and who is asking: what the secret says, in the standard form of RDS."""

import json
import re
from dataclasses import asdict, dataclass, field
from typing import Self

from function.domain.errors import SettingsError

_HOST = re.compile(r"[\w.:-]+|/[\w./-]*")  # a name, an address, or the folder of a socket


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
            if not _HOST.fullmatch(
                words["host"]
            ):  # a connection string, whose password would be in every message
                raise ValueError
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

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def to_secret(self) -> str:
        """The standard JSON form of an RDS secret."""
        return json.dumps({"engine": "postgres", **asdict(self)})
