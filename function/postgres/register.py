"""The table as a whole: what reconciliation and operators ask of it; keys are as S3 has them."""

import json
from collections.abc import Collection
from datetime import timedelta
from typing import Any

import asyncpg

from function.domain import keys
from function.domain.model import Delivered, Document, Effect, Unfinished, Upload
from function.postgres.database import Database

_KNOWN = """
SELECT filename, version_id FROM file_metadata
 WHERE bucket = $1 AND (filename, version_id) IN (SELECT * FROM unnest($2::text[], $3::text[]))
"""
_UNFINISHED = """
SELECT id, attempts, bucket, filename, version_id, etag, size_bytes, uploaded_at FROM file_metadata
 WHERE bucket = $1 AND id > $2 AND finished_at IS NULL AND received_at < now() - $3::interval
   AND (claimed_until IS NULL OR claimed_until < now())
 ORDER BY id LIMIT $4
"""
_DELIVERED = {
    Effect.RESULT: """
SELECT id, result_key AS key, bucket, filename, version_id, etag, size_bytes, uploaded_at
  FROM file_metadata
 WHERE result_key COLLATE "C" > $1 ORDER BY result_key COLLATE "C" LIMIT $2
""",
    Effect.BACKUP: """
SELECT id, backup_key AS key, bucket, filename, version_id, etag, size_bytes, uploaded_at
  FROM file_metadata
 WHERE backup_key COLLATE "C" > $1 ORDER BY backup_key COLLATE "C" LIMIT $2
""",
}
# One more attempt, so that a worker which still has an earlier one can no longer write.
_REOPEN = """
UPDATE file_metadata
   SET result_key = CASE WHEN $2 = 'result' THEN NULL ELSE result_key END,
       backup_key = CASE WHEN $2 = 'backup' THEN NULL ELSE backup_key END,
       finished_at = NULL, attempts = attempts + 1
 WHERE id = $1 AND finished_at IS NOT NULL RETURNING id
"""
# Everything but the backup, whose bytes cannot change, is made anew, unless the file is being processed.
_REPLAY = """
UPDATE file_metadata
   SET status = 'processing', "timestamp" = NULL, sha256 = NULL, row_count = NULL, column_count = NULL,
       rejected_count = NULL, warnings = NULL, warning_count = NULL, summary = NULL, remarks = NULL,
       remark_count = NULL, result = NULL, error_code = NULL, error_message = NULL, result_key = NULL,
       notified_at = NULL, finished_at = NULL, claimed_until = NULL,
       attempts = attempts + 1, replays = replays + 1
 WHERE bucket = $1 AND filename = $2 AND version_id = $3
   AND (claimed_until IS NULL OR claimed_until < now())
RETURNING bucket, filename, version_id, etag, size_bytes, uploaded_at
"""
_HISTORY = """
SELECT to_jsonb(f) - 'result' - 'summary' AS row FROM file_metadata f
 WHERE bucket = $1 ORDER BY id DESC LIMIT $2
"""
# Of most prefixes, the latest rows are among the latest of all.
_HISTORY_LATELY = """
SELECT to_jsonb(f) - 'result' - 'summary' AS row FROM file_metadata f
 WHERE id IN (SELECT id FROM file_metadata
               WHERE bucket = $1 AND starts_with(filename, $3)
                 AND id > (SELECT max(id) FROM file_metadata) - $4::int
               ORDER BY id DESC LIMIT $2)
 ORDER BY id DESC
"""
# First which ids, from the index of names: in the order of ids, a prefix may lie behind the whole table.
_HISTORY_OF_PREFIX = """
WITH named AS MATERIALIZED (
  SELECT id FROM file_metadata WHERE bucket = $1 AND starts_with(filename COLLATE "C", $3)
)
SELECT to_jsonb(f) - 'result' - 'summary' AS row FROM file_metadata f
 WHERE id IN (SELECT id FROM named ORDER BY id DESC LIMIT $2) ORDER BY id DESC
"""
_LATELY = 5000  # rows of any key
_STATUS = """
WITH finished AS (
  SELECT count(*) AS files, sum(row_count) AS rows, count(*) FILTER (WHERE status = 'succeeded') AS succeeded,
         count(*) FILTER (WHERE status = 'succeeded' AND warning_count > 0) AS doubtful,
         max("timestamp") AS last_verdict
    FROM file_metadata
   WHERE bucket = $1 AND received_at > now() - $2::interval AND finished_at IS NOT NULL
), unfinished AS (
  SELECT count(*) AS files, sum(row_count) AS rows, count(*) FILTER (WHERE status = 'succeeded') AS succeeded,
         count(*) FILTER (WHERE status = 'succeeded' AND warning_count > 0) AS doubtful,
         count(*) FILTER (WHERE status = 'failed') AS failed,
         count(*) FILTER (WHERE claimed_until > now()) AS in_hand,
         min(received_at) AS oldest, max("timestamp") AS last_verdict
    FROM file_metadata WHERE bucket = $1 AND finished_at IS NULL
)
SELECT jsonb_build_object(
         'files', f.files + u.files, 'rows', coalesce(f.rows, 0) + coalesce(u.rows, 0),
         'succeeded', f.succeeded + u.succeeded, 'doubtful', f.doubtful + u.doubtful,
         'failed', f.files - f.succeeded + u.failed, 'unfinished', u.files, 'in_hand', u.in_hand,
         'oldest_unfinished', u.oldest, 'last_verdict', greatest(f.last_verdict, u.last_verdict)) AS status
  FROM finished f, unfinished u
"""
_FORGET = "SELECT forgotten, refused FROM forget_smoke($1, $2)"
_POSITION = "SELECT position FROM reconciliation WHERE bucket = $1"
_KEEP_POSITION = """
INSERT INTO reconciliation (bucket, position) VALUES ($1, $2::jsonb)
    ON CONFLICT (bucket) DO UPDATE SET position = $2::jsonb, updated_at = now()
"""


class Register:
    """Implements `reconcile.Register`. Every method raises TransientError where the database is at fault."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, bucket: str, versions: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of the (key, version id) pairs that have a row."""
        names = [keys.storable(key) for key, _ in versions]
        rows = await self._database.rows(_KNOWN, bucket, names, [version for _, version in versions])
        return {(keys.original(row["filename"]), row["version_id"]) for row in rows}

    async def unfinished(
        self, bucket: str, after: int, older_than: timedelta, limit: int
    ) -> list[Unfinished]:
        """Rows beyond id `after` that nobody works on, although they are not done."""
        rows = await self._database.rows(_UNFINISHED, bucket, after, older_than, limit)
        return [Unfinished(row["id"], row["attempts"], _upload(row)) for row in rows]

    async def delivered(self, effect: Effect, after: str, limit: int) -> list[Delivered]:
        """Rows that say that the effect is done, in the order of its key, beyond the key `after`."""
        # No key of ours has a NUL: beyond somebody else's that has one is what is beyond the part before it.
        rows = await self._database.rows(_DELIVERED[effect], after.partition("\0")[0], limit)
        return [Delivered(row["id"], row["key"], _upload(row)) for row in rows]

    async def reopen(self, row: int, effect: Effect) -> None:
        """Take back the word that the effect is done, so that the next claim does it again."""
        await self._database.row(_REOPEN, row, effect.value)

    async def replay(self, upload: Upload) -> Upload | None:
        """Forget the verdict on a version; None if it has no row, or one that is being processed."""
        row = await self._database.row(_REPLAY, upload.bucket, keys.storable(upload.key), upload.version_id)
        return _upload(row) if row else None

    async def history(self, bucket: str, prefix: str, limit: int) -> list[Document]:
        """The latest rows of the keys with the prefix, newest first, without their result."""
        rows = await self._history(bucket, keys.storable(prefix), limit)
        return [json.loads(row["row"]) for row in rows]

    async def _history(self, bucket: str, prefix: str, limit: int) -> list[asyncpg.Record]:
        if not prefix:
            return await self._database.rows(_HISTORY, bucket, limit)
        rows = await self._database.rows(_HISTORY_LATELY, bucket, limit, prefix, _LATELY)
        if len(rows) == limit:
            return rows
        return await self._database.rows(_HISTORY_OF_PREFIX, bucket, limit, prefix)

    async def status(self, bucket: str, since: timedelta) -> Document:
        """Counts over what came in lately, and over all that is unfinished."""
        row = await self._database.row(_STATUS, bucket, since)
        return dict(json.loads(row["status"])) if row else {}

    async def forget(self, bucket: str, key: str) -> tuple[int, str | None]:
        """Remove the rows of a smoke test's file; how many, and why none if the database refuses it."""
        row = await self._database.row(_FORGET, bucket, keys.storable(key))
        return (row["forgotten"], row["refused"]) if row else (0, None)

    async def position(self, bucket: str) -> Document | None:
        """How far a reconciliation got that ran out of time."""
        row = await self._database.row(_POSITION, bucket)
        return json.loads(row["position"], object_hook=_original) if row else None

    async def keep_position(self, bucket: str, position: Document | None) -> None:
        """Keep it for the next one; None begins anew."""
        if position:
            await self._database.row(_KEEP_POSITION, bucket, json.dumps(_storable(position)))
        else:
            await self._database.row("DELETE FROM reconciliation WHERE bucket = $1", bucket)


def _upload(row: asyncpg.Record) -> Upload:
    return Upload(
        bucket=row["bucket"],
        key=keys.original(row["filename"]),
        version_id=row["version_id"],
        etag=row["etag"],
        size=row["size_bytes"],
        uploaded_at=row["uploaded_at"],
    )


def _storable(position: Any) -> Any:
    """A position's keys, at any depth, as jsonb can keep them."""
    if isinstance(position, dict):
        return {name: _storable(value) for name, value in position.items()}
    return keys.storable(position) if isinstance(position, str) else position


def _original(level: Document) -> Document:
    """What `_storable` made of one level of a position, undone."""
    return {name: keys.original(value) if isinstance(value, str) else value for name, value in level.items()}
