"""Objects in S3: pinned to their version, read as a stream that survives a broken connection."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from function.aws import clients, refused
from function.aws.limits import MEMORY_SHARE, fault, out_of_memory, out_of_time, resident_memory
from function.aws.opened import Opened
from function.domain.content import Scan
from function.domain.errors import (
    DefectError,
    ErrorCode,
    FileError,
    OutOfTimeError,
    PipelineError,
    SettingsError,
    TransientError,
)
from function.domain.instructions import Options, follow
from function.domain.model import CsvObject, Deadline, Upload
from function.scan import scan

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef, GetObjectRequestTypeDef

_CHUNK_BYTES = 1024**2
_BREAKS = 3  # in a row, without a byte between them


class S3Source:
    """Implements `ports.Source`.

    Args:
        s3: the client.
        options: how files are read of which nothing else is said.
        memory: bytes at which the process would be killed; None if nobody would.
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
        answer = asyncio.ensure_future(asyncio.to_thread(self._get, obj))
        return Opened(obj, answer, partial(self._scan, obj))

    def _scan(self, obj: CsvObject, answer: "GetObjectOutputTypeDef", deadline: Deadline) -> Scan:
        try:
            with closing(answer["Body"]):
                options = follow(self._words(obj, answer), self._options)
                return scan(
                    self._chunks(obj, answer, deadline),
                    options,
                    lambda offset: self._stop_if_short(obj, offset, deadline),
                )
        except FileError as error:
            return Scan(None, 0, error=error)
        except MemoryError:
            return Scan(None, 0, error=out_of_memory(obj))
        except OSError as error:  # not of S3, which `_get` and `_chunks` answer for
            raise SettingsError(f"the function's own disk, while reading {_url(obj)}: {error}") from error
        except DefectError as error:  # of the reader, which does not know what it reads
            raise DefectError(f"reading {_url(obj)}: {error}") from None
        except PipelineError:
            raise
        except Exception as error:  # a defect of the reader that it did not foresee
            raise DefectError(f"reading {_url(obj)}: {fault(error)}") from None

    def _words(self, obj: CsvObject, answer: "GetObjectOutputTypeDef") -> dict[str, str]:
        """What was said of the object at its upload; a tag overrides metadata, as it can be set later."""
        words = dict(answer.get("Metadata", {}))
        if answer.get("TagCount"):
            try:
                tags = self._s3.get_object_tagging(Bucket=obj.bucket, Key=obj.key, VersionId=obj.version_id)[
                    "TagSet"
                ]
            except clients.FAULTS as error:
                raise clients.translated(f"S3 tags of {_url(obj)}", error) from error
            words |= {tag["Key"]: tag["Value"] for tag in tags}
        return words

    def _chunks(
        self, obj: CsvObject, answer: "GetObjectOutputTypeDef", deadline: Deadline
    ) -> Iterator[bytes]:
        """The object's bytes, each once and in order; a broken stream is taken up where it broke."""
        size = answer["ContentLength"]
        offset = breaks = 0
        while True:
            try:
                for chunk in _body(answer):
                    offset += len(chunk)
                    breaks = 0
                    yield chunk
                    if offset != size:
                        self._stop_if_short(obj, offset, deadline)
                return
            except clients.FAULTS as error:
                breaks += 1
                if offset == size:
                    return
                # with S3 silent until the time is up, S3 is at fault, and not the size of the file
                if breaks > _BREAKS or time.monotonic() > deadline.at:
                    raise clients.translated(f"S3 GET of {_url(obj)} at byte {offset:,}", error) from error
            answer = self._get(obj, offset)
            # RFC 9110, 14.2: a server may ignore Range, and then every byte would count twice
            if offset and not answer.get("ContentRange", "").startswith(f"bytes {offset}-"):
                raise TransientError(f"S3 GET of {_url(obj)}: asked for byte {offset:,}, it began elsewhere")

    def _stop_if_short(self, obj: CsvObject, offset: int, deadline: Deadline) -> None:
        """End the scan with a verdict while there is still time, and memory, to record it."""
        if time.monotonic() > deadline.at:
            if not deadline.final:
                raise OutOfTimeError(f"the time for {_url(obj)} went to other files")
            raise out_of_time(obj, offset)
        if self._memory and resident_memory() > MEMORY_SHARE * self._memory:
            raise out_of_memory(obj)

    def _get(self, obj: CsvObject, offset: int = 0) -> "GetObjectOutputTypeDef":
        which: GetObjectRequestTypeDef = {
            "Bucket": obj.bucket,
            "Key": obj.key,
            "VersionId": obj.version_id,
        }
        if obj.etag:  # where there are no versions, this is what holds the bytes fast
            which["IfMatch"] = f'"{obj.etag}"'
        if offset:
            which["Range"] = f"bytes={offset}-"
        try:
            return self._s3.get_object(**which)
        except clients.FAULTS as error:
            if clients.code(error) in clients.GONE:
                raise FileError(
                    ErrorCode.OBJECT_GONE,
                    f"version {obj.version_id} is no longer there: deleted or overwritten before it was read",
                ) from None
            if found := refused.verdict(self._s3, obj, error):
                raise found from None
            raise clients.translated(f"S3 GET of {_url(obj)} at byte {offset:,}", error) from error


def _body(answer: "GetObjectOutputTypeDef") -> Iterator[bytes]:
    with closing(answer["Body"]) as body:  # as its own context manager it does not notice a short body
        while chunk := body.read(_CHUNK_BYTES):
            yield chunk


def _pinned(upload: Upload, version_id: str) -> CsvObject:
    return CsvObject(upload.bucket, upload.key, version_id, upload.etag, upload.size, upload.uploaded_at)


def _url(upload: Upload) -> str:
    return f"s3://{upload.bucket}/{upload.key}"
