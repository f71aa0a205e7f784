"""The contracts of a bucket, every version of each; the claim reads the one that counts."""

import json
from typing import Any

import asyncpg

from function.domain.errors import EventError
from function.domain.model import Document
from function.postgres.database import Database
from function.postgres.expectations import CONTRACT

_ADD = """
INSERT INTO contract (bucket, prefix, version, schema)
SELECT $1, $2, 1 + coalesce(max(version), 0), $3::jsonb FROM contract WHERE bucket = $1 AND prefix = $2
RETURNING version
"""
_OF_KEY = f"SELECT {CONTRACT}"
_HISTORY = """
SELECT prefix, version, schema, created_at FROM contract
 WHERE bucket = $1 AND prefix = $2 ORDER BY version DESC
"""
_LATEST = """
SELECT * FROM (SELECT DISTINCT ON (prefix) prefix, version, schema, created_at FROM contract
                WHERE bucket = $1 ORDER BY prefix, version DESC) AS latest
 WHERE schema IS NOT NULL ORDER BY prefix
"""
_CSV = """
SELECT result -> 'csv' AS csv FROM file_metadata
 WHERE bucket = $1 AND filename = $2 AND status = 'succeeded' ORDER BY uploaded_at DESC, id DESC LIMIT 1
"""


class Contracts:
    """Keeps contracts; every method raises TransientError where the database is at fault."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, bucket: str, prefix: str, schema: Document | None) -> int:
        """Keep a new version, or that there is none any more; its number.

        Raises:
            EventError: somebody else put one at the same moment.
        """
        document = None if schema is None else json.dumps(schema, ensure_ascii=False)
        try:
            row = await self._database.row(_ADD, bucket, prefix, document)
        except asyncpg.UniqueViolationError:
            raise EventError(
                f"the contract for {prefix!r} was changed at the same moment; try again"
            ) from None
        return int(row["version"]) if row else 0

    async def of_key(self, bucket: str, key: str) -> Document | None:
        """The contract that a key is held against: {"prefix", "version", "schema"}."""
        row = await self._database.row(_OF_KEY, bucket, key)
        return json.loads(row["contract"]) if row and row["contract"] else None

    async def history(self, bucket: str, prefix: str) -> list[Document]:
        """Every version for exactly this prefix, the latest first; a removal has no schema."""
        return [_document(row) for row in await self._database.rows(_HISTORY, bucket, prefix)]

    async def latest(self, bucket: str) -> list[Document]:
        """The contract of every prefix that has one."""
        return [_document(row) for row in await self._database.rows(_LATEST, bucket)]

    async def csv(self, bucket: str, key: str) -> Document | None:
        """The `csv` part of the latest result of a key that succeeded."""
        row = await self._database.row(_CSV, bucket, key)
        return json.loads(row["csv"]) if row and row["csv"] else None


def _document(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "prefix": row["prefix"],
        "version": row["version"],
        "created_at": row["created_at"].isoformat(),
        "schema": json.loads(row["schema"]) if row["schema"] else None,
    }
