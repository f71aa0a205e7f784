"""An object version that was asked for in a thread, and is read once S3 has answered."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from function.domain.content import Scan
from function.domain.errors import FileError, OutOfTimeError
from function.domain.model import CsvObject, Deadline

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef


@dataclass(frozen=True, slots=True)
class Opened:
    """Implements `ports.Opened`: an object version whose GET is on its way.

    Attributes:
        obj: which it is.
        answer: S3's, with a body of which nothing is read; or why there is none.
        read: reads it to the end.
    """

    obj: CsvObject
    answer: "asyncio.Future[GetObjectOutputTypeDef]"
    read: "Callable[[GetObjectOutputTypeDef, Deadline], Scan]"

    async def scan(self, deadline: Deadline) -> Scan:
        """Read and judge the object in a thread; the event loop stays free for the lease.

        Raises:
            TransientError: S3 failed, again and again, or there was no time left to begin.
            SettingsError: S3 may not be read, or the function's disk is full.
            DefectError: the reader gave up, which is no verdict on the file.
        """
        if time.monotonic() > deadline.at:
            raise OutOfTimeError(f"no time left to read s3://{self.obj.bucket}/{self.obj.key}")
        await asyncio.wait([self.answer])  # to await it would pass a cancellation on to it
        try:
            answer = self.answer.result()
        except FileError as error:
            return Scan(None, 0, error=error)
        return await asyncio.to_thread(self.read, answer, deadline)

    async def aclose(self) -> None:
        """Close the body, and with it the connection if something is left unread."""
        await asyncio.wait([self.answer])
        if not self.answer.exception():
            self.answer.result()["Body"].close()
