"""Objects in S3: pinned to their version, read as a stream that survives a broken connection."""

import asyncio
import time
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from function.aws import clients
from function.aws.limits import MEMORY_SHARE, out_of_memory, out_of_time, reader_faults, resident_memory
from function.aws.opened import Opened
from function.aws.stream import Repeatable, Stream, get, url
from function.domain.content import Scan
from function.domain.errors import FileError, OutOfTimeError
from function.domain.instructions import Options, follow
from function.domain.model import CsvObject, Deadline, Upload
from function.scan import scan

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

    from function.domain.fanout import Plan


class S3Source:
    """Implements `ports.Source`.

    Args:
        s3: the client.
        options: how files are read of which nothing else is said.
        memory: bytes at which the process is killed; None for no limit.
    """

    def __init__(
        self,
        s3: "S3Client",
        options: Options = Options(),  # noqa: B008 it is frozen
        memory: int | None = None,
    ) -> None:
        self._s3, self._options, self._memory = s3, options, memory

    async def pin(self, upload: Upload) -> CsvObject:
        """The upload with its version; asks S3 only if the event did not name it.

        Raises:
            TransientError, SettingsError: S3 cannot be asked.
        """
        if upload.version_id:
            return _pinned(upload, upload.version_id)
        found = await self.current(upload.bucket, upload.key)
        if found is None:  # the scan will say so, as a verdict
            return _pinned(upload, "null")
        return replace(found, uploaded_at=upload.uploaded_at)

    async def current(self, bucket: str, key: str) -> CsvObject | None:
        """The version that is there now, with the time that S3 has for it; None if there is none.

        Raises:
            TransientError, SettingsError: S3 cannot be asked.
        """
        try:
            return await asyncio.to_thread(clients.find, self._s3, bucket, key)
        except clients.FAULTS as error:
            raise clients.translated(f"S3 HEAD of s3://{bucket}/{key}", error) from error

    def open(self, obj: CsvObject) -> Opened:
        """Ask for the object in a thread, without waiting for the answer."""
        return Opened(obj, asyncio.ensure_future(asyncio.to_thread(get, self._s3, obj)), self)

    def chunks(self, obj: CsvObject, answer: "GetObjectOutputTypeDef", deadline: Deadline) -> Repeatable:
        """The object's bytes; they end with a verdict while there is still time, and memory, to record it."""
        stream = Stream(self._s3, obj, lambda offset: self._stop_if_short(obj, offset, deadline), deadline)
        return Repeatable(stream.read(answer))

    def scan(
        self, obj: CsvObject, answer: "GetObjectOutputTypeDef", chunks: Repeatable, deadline: Deadline
    ) -> Scan:
        """Read the object to its end; a `FileError` is the verdict."""
        try:
            with closing(answer["Body"]), reader_faults(obj):
                return scan(
                    chunks,
                    follow(self._words(obj, answer), self._options),
                    lambda offset: self._stop_if_short(obj, offset, deadline),
                )
        except FileError as error:
            return Scan(None, 0, error=error)

    def plan(
        self, obj: CsvObject, answer: "GetObjectOutputTypeDef", chunks: Repeatable, part_bytes: int
    ) -> "Plan | None":
        """How the object is read in parts; None if it is not: then `scan` goes on with the same chunks."""
        from function.scan.parts.plan import plan  # noqa: PLC0415 for few files

        try:
            with reader_faults(obj):
                options = follow(self._words(obj, answer), self._options)
                return plan(chunks.head(), answer["ContentLength"], options, part_bytes)
        except FileError:  # the scan comes upon it, too, and makes it the verdict
            return None

    def _words(self, obj: CsvObject, answer: "GetObjectOutputTypeDef") -> dict[str, str]:
        """What was said of the object at its upload; a tag overrides metadata, as it can be set later."""
        words = dict(answer.get("Metadata", {}))
        if answer.get("TagCount"):
            try:
                tags = self._s3.get_object_tagging(Bucket=obj.bucket, Key=obj.key, VersionId=obj.version_id)[
                    "TagSet"
                ]
            except clients.FAULTS as error:
                raise clients.translated(f"S3 tags of {url(obj)}", error) from error
            words |= {tag["Key"]: tag["Value"] for tag in tags}
        return words

    def _stop_if_short(self, obj: CsvObject, offset: int, deadline: Deadline) -> None:
        """End the scan with a verdict while there is still time, and memory, to record it."""
        if time.monotonic() > deadline.at:
            if not deadline.final:
                raise OutOfTimeError(f"the time for {url(obj)} went to other files")
            raise out_of_time(obj, offset)
        if self._memory and resident_memory() > MEMORY_SHARE * self._memory:
            raise out_of_memory(obj)


def _pinned(upload: Upload, version_id: str) -> CsvObject:
    return CsvObject(upload.bucket, upload.key, version_id, upload.etag, upload.size, upload.uploaded_at)
