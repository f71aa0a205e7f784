"""Claims on uploads, kept in PostgreSQL: claim, extend, record, settle. The only module that knows the table.

Right under READ COMMITTED with any number of workers: each step is one statement, and each write names the
attempt it belongs to, so that a worker whose claim was taken over, be it by a second run of its own
invocation, changes nothing.
"""

import json
from datetime import UTC, datetime, timedelta

import asyncpg

from function.domain import keys, report
from function.domain.errors import TransientError
from function.domain.model import Claim, CsvObject, Document, Effects, Finished, Held, Receipt
from function.postgres.database import Database

LEASE = timedelta(seconds=15)
"""How long a claim outlives its holder's last sign of life."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
# Comes with an answer, without a turnaround: whether more than half of the connections are in use.
_CROWDED = """
(SELECT 2 * numbackends > current_setting('max_connections')::int
   FROM pg_stat_database WHERE datname = current_database()) AS crowded
"""
_CLAIM = f"""
INSERT INTO file_metadata AS f
       (bucket, filename, version_id, etag, size_bytes, uploaded_at, stamped_name,
        claimed_by, claimed_until, received_at, started_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9, $10, now())
    ON CONFLICT ON CONSTRAINT file_metadata_identity DO UPDATE
   SET attempts = f.attempts + 1, claimed_by = $8, claimed_until = now() + $9, started_at = now()
 WHERE f.finished_at IS NULL
   AND (f.claimed_until IS NULL OR f.claimed_until < now() OR f.claimed_by = $8)
RETURNING id, stamped_name, received_at, attempts, replays, result, result_key, backup_key, notified_at,
{_CROWDED}"""  # noqa: S608 made of constants, as all below
_STATE = f"""
SELECT status, finished_at, claimed_until, {_CROWDED}
  FROM file_metadata WHERE bucket = $1 AND filename = $2 AND version_id = $3
"""  # noqa: S608
_EXTEND = f"""
UPDATE file_metadata SET claimed_until = now() + $3
 WHERE id = $1 AND attempts = $2 AND claimed_until IS NOT NULL RETURNING {_CROWDED}
"""  # noqa: S608
# The columns are derived from the document, so that the two can never disagree. What only the table knows is
# put into the document by the same statement: the latest earlier upload of the same bytes.
_RECORD = """
WITH duplicate AS (
       SELECT jsonb_build_object(
                'key', duplicate.filename, 'version_id', duplicate.version_id,
                'uploaded_at',
                to_char(duplicate.uploaded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
              ) AS document
         FROM file_metadata AS duplicate JOIN file_metadata AS own ON own.id = $1
        WHERE duplicate.sha256 = $3::jsonb #>> '{source,sha256}' AND duplicate.size_bytes > 0
          AND (duplicate.uploaded_at, duplicate.id) < (own.uploaded_at, own.id)
        ORDER BY duplicate.uploaded_at DESC, duplicate.id DESC LIMIT 1)
UPDATE file_metadata
   SET result = jsonb_set($3::jsonb, '{source,identical_to}',
                          coalesce((SELECT document FROM duplicate), 'null'::jsonb)),
       status = $3::jsonb ->> 'status',
       "timestamp" = ($3::jsonb #>> '{timing,finished_at}')::timestamptz,
       sha256 = $3::jsonb #>> '{source,sha256}',
       row_count = ($3::jsonb #>> '{csv,rows}')::bigint,
       column_count = jsonb_array_length($3::jsonb #> '{csv,columns}'),
       rejected_count = ($3::jsonb #>> '{csv,records,rejected}')::bigint,
       warnings = $3::jsonb #> '{csv,warnings}',
       warning_count = jsonb_array_length($3::jsonb #> '{csv,warnings}'),
       error_code = $3::jsonb #>> '{error,code}',
       error_message = $3::jsonb #>> '{error,message}',
       claimed_until = now() + $4
 WHERE id = $1 AND attempts = $2 AND finished_at IS NULL
RETURNING result #> '{source,identical_to}' AS identical_to
"""
_SETTLE = f"""
UPDATE file_metadata
   SET result_key = coalesce(result_key, $3),
       backup_key = coalesce(backup_key, $4),
       notified_at = coalesce(notified_at, CASE WHEN $5 THEN now() END),
       finished_at = CASE WHEN $6 THEN now() END,
       claimed_until = NULL
 WHERE id = $1 AND attempts = $2
RETURNING {_CROWDED}
"""  # noqa: S608


class Claims:
    """Implements `process.Claims`.

    While the server is short of connections, this one is given back before the file is read, and at its end.
    Otherwise it is kept, and the next statement needs no handshake.

    Every method raises TransientError where the database, or the loss of the claim, is at fault.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(
        self, obj: CsvObject, owner: str, received_at: datetime, patience: float | None = None
    ) -> Claim | Held | Finished:
        """Insert the row, or take over one that nobody holds. One round trip unless it is held or done.

        Waits up to `patience` seconds for a connection while the server has none free.
        """
        stamped = keys.stamped_name(obj.key, obj.uploaded_at)
        try:
            row = await self._insert(obj, owner, received_at, stamped, patience)
        except asyncpg.UniqueViolationError:  # another version of the key was uploaded in the same second
            mark = keys.version_mark(obj.version_id)
            marked = keys.stamped_name(obj.key, obj.uploaded_at, mark)
            row = await self._insert(obj, owner, received_at, marked, patience)
        if row is None:
            return await self._state(obj)
        await self._yield_if(row)
        return Claim(
            row=row["id"],
            owner=owner,
            stamped_name=row["stamped_name"],
            received_at=row["received_at"],
            attempts=row["attempts"],
            replays=row["replays"],
            result=json.loads(row["result"]) if row["result"] else None,
            effects=Effects(
                result=row["result_key"] is not None,
                backup=row["backup_key"] is not None,
                notified=row["notified_at"] is not None,
            ),
        )

    async def _insert(
        self, obj: CsvObject, owner: str, received_at: datetime, stamped: str, patience: float | None
    ) -> asyncpg.Record | None:
        identity = (obj.bucket, keys.storable(obj.key), obj.version_id)
        arguments = (*identity, obj.etag, obj.size, obj.uploaded_at, stamped, owner, LEASE, received_at)
        return await self._database.row(_CLAIM, *arguments, patience=patience)

    async def _state(self, obj: CsvObject) -> Held | Finished:
        row = await self._database.row(_STATE, obj.bucket, keys.storable(obj.key), obj.version_id)
        if row is None:
            raise TransientError(f"the row of s3://{obj.bucket}/{obj.key} went away while it was claimed")
        await self._yield_if(row)
        if row["finished_at"]:
            return Finished(row["status"])
        # released between the two statements: as good as a lease that ends now
        return Held(row["claimed_until"] or _LONG_AGO)

    async def extend(self, claim: Claim) -> None:
        """Renew the lease."""
        await self._yield_if(await self._fenced(_EXTEND, claim, LEASE))

    async def record(self, claim: Claim, result: Document) -> Document:
        """Keep the verdict, and with it the lease; one round trip.

        Returns:
            The document as it is kept: with the latest upload of the same bytes before this one, if there was
            any and the file is not empty, as `source.identical_to`.
        """
        row = await self._fenced(_RECORD, claim, json.dumps(result, ensure_ascii=False), LEASE)
        return {**result, "source": {**result["source"], "identical_to": json.loads(row["identical_to"])}}

    async def settle(self, claim: Claim, receipt: Receipt, result: Document) -> None:
        """Note what is done; the row is finished when everything is."""
        effects, backup = receipt.effects, None if receipt.backup_lost else result["backup"]
        row = await self._fenced(
            _SETTLE,
            claim,
            result["output"]["key"] if effects.result else None,
            backup["key"] if effects.backup and backup else None,
            effects.notified and report.is_told(result),
            effects.complete,
        )
        await self._yield_if(row)

    async def _yield_if(self, row: asyncpg.Record) -> None:
        if row["crowded"]:
            await self._database.close()

    async def _fenced(self, statement: str, claim: Claim, *arguments: object) -> asyncpg.Record:
        row = await self._database.row(statement, claim.row, claim.attempts, *arguments)
        if row is None:
            raise TransientError(f"the claim on row {claim.row} was lost to another invocation")
        return row
