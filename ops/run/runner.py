"""One file through a stack: upload, wait for the verdict, collect result, row, backup and messages."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import asyncpg
from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from local.stack import Stack
from ops.run.bar import Bar, NoBar
from ops.run.inputs import Input
from ops.run.parts import Parts

_POLL_SECONDS = 0.02
_LOOK_SECONDS = 0.5  # how often dead letters and parts are looked for
_MAIL_SECONDS = 10.0
_AT_ONCE = 4  # concurrent files; the stack limits how many are scanned concurrently
_UPLOAD_FAULTS = (OSError, Boto3Error, BotoCoreError, ClientError)

_ROW = """
SELECT to_jsonb(f) FROM file_metadata f
 WHERE bucket = $1 AND filename = $2 AND version_id = $3 AND (finished_at IS NOT NULL OR $4)
"""


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one file, as `pipeline run --json` prints it.

    Attributes:
        result: result.json, read from the output bucket; None if the file was given up.
        record: the row of file_metadata.
        backup: bucket and key of the copy.
        notifications: what was mailed, each {"subject", "message", "attributes"}.
        duration_ms: from the beginning of the upload to the arrival of the notification.
        fault: why there is no verdict: the record of the event, or of its execution, in the dead-letter
            queue; for a file that could not be uploaded, a record with the error only. Printed only if
            there is one.
    """

    result: dict[str, Any] | None
    record: dict[str, Any] | None
    backup: dict[str, Any] | None
    notifications: list[dict[str, Any]]
    duration_ms: int
    fault: dict[str, Any] | None = field(default=None)

    @property
    def succeeded(self) -> bool:
        """Whether the verdict is `succeeded`."""
        return self.result is not None and self.result["status"] == "succeeded"

    @property
    def doubtful(self) -> bool:
        """Whether the verdict is `succeeded`, with warnings."""
        return self.succeeded and self.result is not None and bool(self.result["csv"]["warnings"])

    def json(self) -> str:
        """The report on one line."""
        document = asdict(self)
        if self.fault is None:
            del document["fault"]
        return json.dumps(document, ensure_ascii=False)


class Runner:
    """Processes files with one stack."""

    def __init__(self, stack: Stack, database: asyncpg.Pool) -> None:
        self._stack = stack
        self._database = database
        self._s3 = stack.client("s3")
        self._parts = Parts(stack)
        self._uploading = asyncio.Lock()
        self._reading_mail = asyncio.Lock()
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def run(self, item: Input, bar: Bar | None = None) -> Report:
        """Process one file to its verdict; `bar` is told of the progress."""
        bar = bar or NoBar()
        async with self._places:
            began = time.perf_counter()
            try:
                version_id = await self._upload(item, bar)
            except _UPLOAD_FAULTS as error:  # of this file only: the others go on
                return _not_uploaded(error, began)
            record, fault = await self._wait(item.key, version_id, bar)
            result = await self._result(record) if record and not fault else None
            notifications = [] if fault else await self._mail(version_id)
            return Report(
                result=result,
                record=record,
                backup=result and result["backup"],
                notifications=notifications,
                duration_ms=_milliseconds_since(began),
                fault=fault,
            )

    async def _upload(self, item: Input, bar: Bar) -> str:
        bucket = self._stack.names.input_bucket
        async with self._uploading:  # so that HEAD shows the version of this upload
            await asyncio.to_thread(
                self._s3.upload_file, str(item.path), bucket, item.key, Callback=bar.uploaded
            )
            head = await asyncio.to_thread(self._s3.head_object, Bucket=bucket, Key=item.key)
        return head["VersionId"]

    async def _wait(
        self, key: str, version_id: str, bar: Bar
    ) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        """The finished row; or the unfinished row, and the record of its event in the dead-letter queue."""
        look = time.monotonic() + _LOOK_SECONDS
        while True:
            if row := await self._row(key, version_id):
                return row, None
            if time.monotonic() > look:
                row = await self._row(key, version_id, unfinished=True)
                for dead_letter in await asyncio.to_thread(self._stack.dead_letters):
                    if version_id in json.dumps(dead_letter):
                        return row, dead_letter
                await self._show_parts(row, bar)
                look = time.monotonic() + _LOOK_SECONDS
            await asyncio.sleep(_POLL_SECONDS)

    async def _show_parts(self, row: dict[str, Any] | None, bar: Bar) -> None:
        if row and row["execution"]:
            read, count = await asyncio.to_thread(self._parts.read, row["execution"])
            if count:
                bar.parts(read, count)

    async def _row(self, key: str, version_id: str, unfinished: bool = False) -> dict[str, Any] | None:
        bucket = self._stack.names.input_bucket
        row = await self._database.fetchval(_ROW, bucket, key, version_id, unfinished)
        return json.loads(row) if row else None

    async def _result(self, record: dict[str, Any]) -> dict[str, Any]:
        def read() -> bytes:
            bucket, key = self._stack.names.output_bucket, record["result_key"]
            return self._s3.get_object(Bucket=bucket, Key=key)["Body"].read()

        return dict(json.loads(await asyncio.to_thread(read)))

    async def _mail(self, version_id: str) -> list[dict[str, Any]]:
        """The notifications that name the version; there is at least one unless the mail is late."""
        deadline = time.monotonic() + _MAIL_SECONDS
        while True:
            async with self._reading_mail:
                messages = await asyncio.to_thread(self._stack.messages)
            found = [message for message in messages if version_id in message["message"]]
            if found or time.monotonic() > deadline:
                return found
            await asyncio.sleep(_POLL_SECONDS)


@asynccontextmanager
async def runner(stack: Stack) -> AsyncIterator[Runner]:
    """A Runner with its database connections."""
    async with asyncpg.create_pool(stack.postgres.dsn, min_size=1, max_size=_AT_ONCE) as pool:
        yield Runner(stack, pool)


def _not_uploaded(error: Exception, began: float) -> Report:
    response = {"errorType": type(error).__name__, "errorMessage": str(error)}
    return Report(None, None, None, [], _milliseconds_since(began), {"responsePayload": response})


def _milliseconds_since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
