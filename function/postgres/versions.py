"""The versions of one key, with their verdicts."""

import json

from function.domain import keys
from function.domain.model import Document
from function.postgres.database import Database

# The constraint file_metadata_identity is the index.
_VERSIONS = """
SELECT to_jsonb(f) - 'result' - 'summary' AS row FROM file_metadata f
 WHERE bucket = $1 AND filename = $2 ORDER BY uploaded_at DESC, id DESC LIMIT $3
"""


class Versions:
    """What the table has on one key. Raises TransientError where the database is at fault."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, bucket: str, key: str, limit: int) -> list[Document]:
        """The rows of the key, the latest upload first, without result and summary."""
        rows = await self._database.rows(_VERSIONS, bucket, keys.storable(key), limit)
        return [json.loads(row["row"]) for row in rows]
