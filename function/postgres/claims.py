"""Claims on uploads, kept in PostgreSQL: claim, extend, lend, record, settle. `claim_statements` has the SQL.

Correct under READ COMMITTED with any number of workers: each step is one statement, and each write names its
attempt (a fencing token), so that a worker whose claim was taken over, even by a retry of its own
invocation, changes nothing.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from function.domain import keys, report
from function.domain.errors import TransientError
from function.domain.model import Claim, CsvObject, Document, Effects, Finished, Held, Receipt
from function.domain.series.name import series_name
from function.postgres import claim_statements as statements
from function.postgres import expectations
from function.postgres.database import Database

LEASE = timedelta(seconds=15)
"""How long a claim lasts after its last renewal."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Claims:
    """Implements `ports.Claims`.

    While the server is short of connections, this one is closed before the file is read, and at its end.
    Otherwise it stays open, and the next statement needs no handshake.

    Every method raises TransientError where the database, or the loss of the claim, is at fault.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(
        self,
        obj: CsvObject,
        owner: str,
        received_at: datetime,
        patience: float | None = None,
        ended: str | None = None,
    ) -> Claim | Held | Finished:
        """Insert the row, or take it over if nobody holds it. One round trip unless it is held or finished.

        Args:
            obj: the object version.
            owner: who asks; whoever holds the claim already goes on with it.
            received_at: when the event arrived.
            patience: seconds to wait for a connection while the server has none free.
            ended: an execution that has ended; if it holds the claim, the row is taken over before its lease
                ends.
        """
        stamped = keys.stamped_name(obj.key, obj.uploaded_at)
        try:
            row = await self._insert(obj, owner, received_at, stamped, patience=patience, ended=ended)
        except asyncpg.UniqueViolationError:  # another version of the key was uploaded in the same second
            mark = keys.version_mark(obj.version_id)
            marked = keys.stamped_name(obj.key, obj.uploaded_at, mark)
            row = await self._insert(obj, owner, received_at, marked, patience=patience, ended=ended)
        if row is None:
            return await self._state(obj)
        await self._yield_if(row)
        return _claim(row, owner)

    async def _insert(
        self,
        obj: CsvObject,
        owner: str,
        received_at: datetime,
        stamped: str,
        *,
        patience: float | None,
        ended: str | None,
    ) -> asyncpg.Record | None:
        key = keys.storable(obj.key)
        identity = (obj.bucket, key, obj.version_id)
        told = (obj.etag, obj.size, obj.uploaded_at, stamped, owner, LEASE, received_at)
        return await self._database.row(
            statements.CLAIM, *identity, *told, series_name(key), ended, patience=patience
        )

    async def _state(self, obj: CsvObject) -> Held | Finished:
        row = await self._database.row(statements.STATE, obj.bucket, keys.storable(obj.key), obj.version_id)
        if row is None:
            raise TransientError(f"the row of s3://{obj.bucket}/{obj.key} was deleted during the claim")
        await self._yield_if(row)
        if row["finished_at"]:
            return Finished(row["status"])
        # released between the two statements: as good as a lease that ends now
        return Held(row["claimed_until"] or _LONG_AGO, row["execution"])

    async def extend(self, claim: Claim) -> None:
        """Renew the lease."""
        await self._yield_if(await self._fenced(statements.EXTEND, claim, LEASE))

    async def lend(self, claim: Claim, execution: str, lease: timedelta) -> None:
        """Make an execution the owner of the claim, for as long as it may run."""
        await self._yield_if(await self._fenced(statements.LEND, claim, execution, lease))

    async def past(self, claim: Claim, bucket: str, series: str) -> list[list[Any]]:
        """The earlier files of a series that the key does not tell."""
        row = await self._database.row(expectations.PAST_OF, bucket, series, claim.row)
        return json.loads(row["past"]) if row and row["past"] else []

    async def record(
        self, claim: Claim, result: Document, summary: list[list[Any]] | None = None
    ) -> Document:
        """Write the verdict and renew the lease; one round trip.

        Args:
            claim: the right to.
            result: the verdict.
            summary: what later files of the series are compared with; None of a file that failed.

        Returns:
            The stored document; `source.identical_to` is the latest earlier upload of the same bytes, null if
            there is none or the file is empty.
        """
        kept = None if summary is None else json.dumps(summary, ensure_ascii=False)
        row = await self._fenced(
            statements.RECORD, claim, json.dumps(result, ensure_ascii=False), LEASE, kept
        )
        return {**result, "source": {**result["source"], "identical_to": json.loads(row["identical_to"])}}

    async def settle(self, claim: Claim, receipt: Receipt, result: Document) -> None:
        """Write which effects are done; the row is finished when all are."""
        effects, backup = receipt.effects, None if receipt.backup_lost else result["backup"]
        row = await self._fenced(
            statements.SETTLE,
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


def _claim(row: asyncpg.Record, owner: str) -> Claim:
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
        past=json.loads(row["past"]) if row["past"] else (),
        contract=json.loads(row["contract"]) if row["contract"] else None,
    )
