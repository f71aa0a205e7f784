"""Objects in S3: pinned to their version, read as a stream that survives a broken connection."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPException
from typing import TYPE_CHECKING

import urllib3.exceptions
from botocore.exceptions import BotoCoreError

from function import aws
from function.errors import ErrorCode, FileError, TransientError
from function.model import CsvObject, Scan, Upload
from function.scan import scan

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectRequestTypeDef

_CHUNK_BYTES = 1024**2
_BREAKS = 3  # in a row, without a byte between them
_GONE = frozenset(
    {"404", "NoSuchKey", "NoSuchVersion", "412", "PreconditionFailed", "405", "MethodNotAllowed"}
)
_BREAK = (BotoCoreError, urllib3.exceptions.HTTPError, HTTPException, OSError)


class S3Source:
    """Implements `pipeline.Source`."""

    def __init__(self, s3: "S3Client") -> None:
        self._s3 = s3

    async def pin(self, upload: Upload) -> CsvObject:
        """The upload with its version; asks S3 only if the event did not name it.

        Raises:
            TransientError: S3 cannot be asked.
        """
        if upload.version_id:
            return _pinned(upload, upload.version_id, upload.etag, upload.size)
        try:
            head = await asyncio.to_thread(self._s3.head_object, Bucket=upload.bucket, Key=upload.key)
        except aws.ServiceError as error:
            if aws.code(error) in _GONE:  # the scan will say so, as a verdict
                return _pinned(upload, "null", upload.etag, upload.size)
            raise TransientError(f"S3 HEAD of {_url(upload)}: {error}") from error
        return _pinned(upload, head.get("VersionId", "null"), head["ETag"].strip('"'), head["ContentLength"])

    async def scan(self, obj: CsvObject, deadline: float) -> Scan:
        """Read and judge the object in a thread; the event loop stays free for the lease.

        Raises:
            TransientError: S3 failed, again and again.
        """
        return await asyncio.to_thread(lambda: scan(self.chunks(obj, deadline)))

    def chunks(self, obj: CsvObject, deadline: float) -> Iterator[bytes]:
        """The object's bytes, each once and in order; a broken stream is taken up where it broke.

        Raises:
            FileError: `object_gone` or `timeout`.
            TransientError: S3 failed, again and again.
        """
        offset = breaks = 0
        while True:
            try:
                for chunk in self._get(obj, offset):
                    offset += len(chunk)
                    breaks = 0
                    yield chunk
                    if time.monotonic() > deadline:
                        raise _out_of_time(obj, offset)
                return
            except _BREAK as error:
                breaks += 1
                if breaks > _BREAKS:
                    place = f"{_url(obj)} at byte {offset:,}"
                    raise TransientError(f"S3 GET of {place}: {error}") from error

    def _get(self, obj: CsvObject, offset: int) -> Iterator[bytes]:
        if offset and offset >= obj.size:
            return
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
            answer = self._s3.get_object(**which)
        except aws.ServiceError as error:
            if aws.code(error) in _GONE:
                raise FileError(
                    ErrorCode.OBJECT_GONE,
                    f"version {obj.version_id} is no longer there: deleted or overwritten before it was read",
                ) from None
            raise TransientError(f"S3 GET of {_url(obj)}: {error}") from error
        with closing(answer["Body"]) as body:  # as its own context manager it does not notice a short body
            while chunk := body.read(_CHUNK_BYTES):
                yield chunk


def _pinned(upload: Upload, version_id: str, etag: str, size: int) -> CsvObject:
    return CsvObject(upload.bucket, upload.key, version_id, etag, size, upload.uploaded_at)


def _out_of_time(obj: CsvObject, offset: int) -> FileError:
    return FileError(
        ErrorCode.TIMEOUT,
        f"stopped at byte {offset:,} of {obj.size:,}, before the function's time was up;"
        " raise its time-out, or split the file",
    )


def _url(upload: Upload) -> str:
    return f"s3://{upload.bucket}/{upload.key}"
