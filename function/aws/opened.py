"""An object version that was asked for in a thread, and is read once S3 has answered."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from function.aws.stream import Repeatable
from function.domain.content import Scan
from function.domain.errors import FileError, OutOfTimeError
from function.domain.model import CsvObject, Deadline

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

    from function.domain.fanout import Plan


class Reader(Protocol):
    """What reads an object; implemented by `source.S3Source`. Its methods block."""

    def chunks(self, obj: CsvObject, answer: "GetObjectOutputTypeDef", deadline: Deadline) -> Repeatable:
        """The object's bytes."""

    def plan(
        self, obj: CsvObject, answer: "GetObjectOutputTypeDef", chunks: Repeatable, part_bytes: int
    ) -> "Plan | None":
        """Look at their start."""

    def scan(
        self, obj: CsvObject, answer: "GetObjectOutputTypeDef", chunks: Repeatable, deadline: Deadline
    ) -> Scan:
        """Read them to the end."""


@dataclass(slots=True)
class Opened:
    """Implements `ports.Opened`: an object version whose GET is on its way.

    Attributes:
        obj: which it is.
        answer: S3's, with a body of which nothing is read; or why there is none.
        reader: reads it.
    """

    obj: CsvObject
    answer: "asyncio.Future[GetObjectOutputTypeDef]"
    reader: Reader
    _chunks: Repeatable | None = field(default=None, init=False)

    async def plan(self, deadline: Deadline, part_bytes: int) -> "Plan | None":
        """Look, in a thread, at the start of the object: how it is read in parts of so many stored bytes.

        Returns None if it has to be read in one piece, or cannot be read: then `scan` goes on with the same
        stream. Raises as `scan` does.
        """
        try:
            answer, chunks = await self._begin(deadline)
        except FileError:
            return None
        return await asyncio.to_thread(self.reader.plan, self.obj, answer, chunks, part_bytes)

    async def scan(self, deadline: Deadline) -> Scan:
        """Read and judge the object in a thread; the event loop stays free for the lease.

        Raises:
            TransientError: S3 failed, again and again, or there was no time left to begin.
            SettingsError: S3 may not be read, or the function's disk is full.
            DefectError: the reader gave up, which is no verdict on the file.
        """
        try:
            answer, chunks = await self._begin(deadline)
        except FileError as error:
            return Scan(None, 0, error=error)
        return await asyncio.to_thread(self.reader.scan, self.obj, answer, chunks, deadline)

    async def aclose(self) -> None:
        """Close the body, and with it the connection if something is left unread."""
        await asyncio.wait([self.answer])
        if not self.answer.exception():
            self.answer.result()["Body"].close()

    async def _begin(self, deadline: Deadline) -> "tuple[GetObjectOutputTypeDef, Repeatable]":
        if time.monotonic() > deadline.at:
            raise OutOfTimeError(f"no time left to read s3://{self.obj.bucket}/{self.obj.key}")
        await asyncio.wait([self.answer])  # to await it would pass a cancellation on to it
        answer = self.answer.result()
        if self._chunks is None:
            self._chunks = self.reader.chunks(self.obj, answer, deadline)
        return answer, self._chunks
