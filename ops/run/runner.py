"""Files through a stack, each to its end: upload, wait for the verdict, collect every trace of it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import asyncpg
from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from local.stack import Stack
from ops.run.inputs import Input

_POLL_SECONDS = 0.02
_DEAD_LETTER_SECONDS = 0.5
_MAIL_SECONDS = 10.0
_AT_ONCE = 4  # files under way; how many are scanned at once is the stack's to say
_UPLOAD_FAULTS = (OSError, Boto3Error, BotoCoreError, ClientError)

_ROW = """
SELECT to_jsonb(f) FROM file_metadata f
 WHERE bucket = $1 AND filename = $2 AND version_id = $3 AND (finished_at IS NOT NULL OR $4)
"""


@dataclass(frozen=True, slots=True)
class Report:
    """One file's end, as `pipeline run --json` prints it.

    Attributes:
        result: result.json, read from the output bucket; None if the file was given up.
        record: the row of file_metadata.
        backup: bucket and key of the copy.
        notifications: what was mailed, each {"subject", "message", "attributes"}.
        duration_ms: from the beginning of the upload to the arrival of the notification.
        fault: why the file was given up: the on-failure record of its event, or as much of one as there is
            of a file that could not be uploaded. Printed only if there is one.
    """

    result: dict[str, Any] | None
    record: dict[str, Any] | None
    backup: dict[str, Any] | None
    notifications: list[dict[str, Any]]
    duration_ms: int
    fault: dict[str, Any] | None = field(default=None)

    @property
    def succeeded(self) -> bool:
        """Whether the verdict is good."""
        return self.result is not None and self.result["status"] == "succeeded"

    @property
    def doubtful(self) -> bool:
        """Whether the verdict is good, but the count may be wrong."""
        return self.succeeded and self.result is not None and bool(self.result["csv"]["warnings"])

    def json(self) -> str:
        """The report on one line."""
        document = asdict(self)
        if self.fault is None:
            del document["fault"]
        return json.dumps(document, ensure_ascii=False)


class Runner:
    """Takes files through one stack."""

    def __init__(self, stack: Stack, database: asyncpg.Pool) -> None:
        self._stack = stack
        self._database = database
        self._s3 = stack.client("s3")
        self._uploading = asyncio.Lock()
        self._reading_mail = asyncio.Lock()
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def run(self, item: Input, uploaded: Callable[[int], None] = lambda _: None) -> Report:
        """Take one file to its end.

        Args:
            item: the file.
            uploaded: told of every further bytes that are in the bucket, in another thread.
        """
        async with self._places:
            began = time.perf_counter()
            try:
                version_id = await self._upload(item, uploaded)
            except _UPLOAD_FAULTS as error:  # of this file; the others have their own chance
                return _not_uploaded(error, began)
            record, fault = await self._wait(item.key, version_id)
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

    async def _upload(self, item: Input, uploaded: Callable[[int], None]) -> str:
        bucket = self._stack.names.input_bucket
        async with self._uploading:  # so that the version seen next is the one that was made
            await asyncio.to_thread(self._s3.upload_file, str(item.path), bucket, item.key, Callback=uploaded)
            head = await asyncio.to_thread(self._s3.head_object, Bucket=bucket, Key=item.key)
        return head["VersionId"]

    async def _wait(self, key: str, version_id: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        """The finished row; or the row as it is, with the record of the event that was given up."""
        look = time.monotonic() + _DEAD_LETTER_SECONDS
        while True:
            if row := await self._row(key, version_id):
                return row, None
            if time.monotonic() > look:
                dead_letters = await asyncio.to_thread(self._stack.dead_letters)
                for dead_letter in dead_letters:
                    if version_id in json.dumps(dead_letter["requestPayload"]):
                        return await self._row(key, version_id, unfinished=True), dead_letter
                look = time.monotonic() + _DEAD_LETTER_SECONDS
            await asyncio.sleep(_POLL_SECONDS)

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
