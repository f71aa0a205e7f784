"""The table as a whole: what reconciliation and operators ask of it; keys are as S3 has them."""

import json
from collections.abc import Collection
from datetime import timedelta
from typing import Any

import asyncpg

from function.domain import keys
from function.domain.model import Delivered, Document, Effect, Unfinished, Upload
from function.postgres import register_statements as statements
from function.postgres.database import Database


class Register:
    """Implements `reconcile.Register`. Every method raises TransientError where the database is at fault."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, bucket: str, versions: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of the (key, version id) pairs that have a row."""
        names = [keys.storable(key) for key, _ in versions]
        rows = await self._database.rows(
            statements.KNOWN, bucket, names, [version for _, version in versions]
        )
        return {(keys.original(row["filename"]), row["version_id"]) for row in rows}

    async def unfinished(
        self, bucket: str, after: int, older_than: timedelta, limit: int
    ) -> list[Unfinished]:
        """Unfinished rows beyond id `after` that no worker has claimed, with those that an execution has."""
        rows = await self._database.rows(statements.UNFINISHED, bucket, after, older_than, limit)
        return [
            Unfinished(row["id"], row["attempts"], _upload(row), row["execution"], row["held"])
            for row in rows
        ]

    async def delivered(self, effect: Effect, after: str, limit: int) -> list[Delivered]:
        """Rows that say that the effect is done, in the order of its key, beyond the key `after`."""
        # No key of ours has a NUL: beyond somebody else's that has one is what is beyond the part before it.
        rows = await self._database.rows(statements.DELIVERED[effect], after.partition("\0")[0], limit)
        return [Delivered(row["id"], row["key"], _upload(row)) for row in rows]

    async def reopen(self, row: int, effect: Effect) -> None:
        """Take back the word that the effect is done, so that the next claim does it again."""
        await self._database.row(statements.REOPEN, row, effect.value)

    async def replay(self, upload: Upload) -> Upload | None:
        """Forget the verdict on a version; None if it has no row, or one that is being processed."""
        row = await self._database.row(
            statements.REPLAY, upload.bucket, keys.storable(upload.key), upload.version_id
        )
        return _upload(row) if row else None

    async def history(self, bucket: str, prefix: str, limit: int) -> list[Document]:
        """The latest rows of the keys with the prefix, newest first, without their result."""
        rows = await self._history(bucket, keys.storable(prefix), limit)
        return [json.loads(row["row"]) for row in rows]

    async def _history(self, bucket: str, prefix: str, limit: int) -> list[asyncpg.Record]:
        if not prefix:
            return await self._database.rows(statements.HISTORY, bucket, limit)
        rows = await self._database.rows(statements.HISTORY_LATELY, bucket, limit, prefix, statements.LATELY)
        if len(rows) == limit:
            return rows
        return await self._database.rows(statements.HISTORY_OF_PREFIX, bucket, limit, prefix)

    async def status(self, bucket: str, since: timedelta) -> Document:
        """Counts over what came in lately, and over all that is unfinished."""
        row = await self._database.row(statements.STATUS, bucket, since)
        return dict(json.loads(row["status"])) if row else {}

    async def forget(self, bucket: str, key: str) -> tuple[int, str | None]:
        """Remove the rows of a smoke test's file; how many, and why none if the database refuses it."""
        row = await self._database.row(statements.FORGET, bucket, keys.storable(key))
        return (row["forgotten"], row["refused"]) if row else (0, None)

    async def position(self, bucket: str) -> Document | None:
        """How far a reconciliation got that ran out of time."""
        row = await self._database.row(statements.POSITION, bucket)
        return json.loads(row["position"], object_hook=_original) if row else None

    async def keep_position(self, bucket: str, position: Document | None) -> None:
        """Store it for the next run; None: start from the beginning."""
        if position:
            await self._database.row(statements.KEEP_POSITION, bucket, json.dumps(_storable(position)))
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
