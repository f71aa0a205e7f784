"""The stored bytes of one object version, each once and in order, over connections that break."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from function.aws import clients, refused
from function.domain.errors import ErrorCode, FileError, TransientError
from function.domain.model import CsvObject, Deadline, Upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef, GetObjectRequestTypeDef

_CHUNK_BYTES = 1024**2
_BREAKS = 3  # in a row, without a byte between them


@dataclass(frozen=True, slots=True)
class Stream:
    """One object version, or a range of it.

    Attributes:
        s3: the client.
        obj: the version.
        check: called with the offset that is reached, unless it is the end; what it raises ends the stream.
        deadline: after it, no broken connection is replaced.
        stop: the offset where the range ends; None for the end of the object.
    """

    s3: "S3Client"
    obj: CsvObject
    check: Callable[[int], None]
    deadline: Deadline
    stop: int | None = None

    def read(self, answer: "GetObjectOutputTypeDef", offset: int = 0) -> Iterator[bytes]:
        """The bytes from `offset`, at which `answer` begins; a broken stream is taken up where it broke.

        Raises:
            FileError: meanwhile the version was deleted, or S3 refuses it.
            TransientError, SettingsError: S3 failed, again and again.
        """
        end = offset + answer["ContentLength"]
        breaks = 0
        while True:
            try:
                for chunk in _body(answer):
                    offset += len(chunk)
                    breaks = 0
                    yield chunk
                    if offset != end:
                        self.check(offset)
                return
            except clients.FAULTS as error:
                breaks += 1
                if offset == end:
                    return
                # with S3 silent until the time is up, S3 is at fault, and not the size of the file
                if breaks > _BREAKS or time.monotonic() > self.deadline.at:
                    raise clients.translated(_request(self.obj, offset), error) from error
            answer = get(self.s3, self.obj, offset, self.stop)


class Repeatable:
    """A stream whose start can be read twice, without a second request.

    Args:
        chunks: the stream.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._head: deque[bytes] = deque()
        self._error: Exception | None = None

    def head(self) -> Iterator[bytes]:
        """The chunks from the start; those that are taken are kept for `__iter__`."""
        try:
            for chunk in self._chunks:
                self._head.append(chunk)
                yield chunk
        except Exception as error:
            self._error = error  # a generator that raised ends quietly when it is asked again
            raise

    def __iter__(self) -> Iterator[bytes]:
        while self._head:
            yield self._head.popleft()
        if self._error:
            raise self._error
        yield from self._chunks


def get(s3: "S3Client", obj: CsvObject, offset: int = 0, stop: int | None = None) -> "GetObjectOutputTypeDef":
    """Ask for the bytes from `offset` to before `stop`, by default all.

    Raises:
        FileError: the version was deleted or overwritten, or S3 refuses it.
        TransientError: S3 failed, or answered with other bytes.
        SettingsError: S3 may not be read.
    """
    which: GetObjectRequestTypeDef = {"Bucket": obj.bucket, "Key": obj.key, "VersionId": obj.version_id}
    if obj.etag:  # where there are no versions, this is what holds the bytes fast
        which["IfMatch"] = f'"{obj.etag}"'
    if offset or stop is not None:
        which["Range"] = f"bytes={offset}-{'' if stop is None else stop - 1}"
    try:
        answer = s3.get_object(**which)
    except clients.FAULTS as error:
        if clients.code(error) in clients.GONE:
            raise FileError(
                ErrorCode.OBJECT_GONE,
                f"version {obj.version_id} is no longer there: deleted or overwritten before it was read",
            ) from None
        if found := refused.verdict(s3, obj, error):
            raise found from None
        raise clients.translated(_request(obj, offset), error) from error
    # RFC 9110, 14.2: a server may ignore Range, and then every byte would count twice
    if offset and not answer.get("ContentRange", "").startswith(f"bytes {offset}-"):
        answer["Body"].close()
        raise TransientError(f"S3 GET of {url(obj)}: asked for byte {offset:,}, it began elsewhere")
    return answer


def url(upload: Upload) -> str:
    """Where it is, for messages."""
    return f"s3://{upload.bucket}/{upload.key}"


def _request(obj: CsvObject, offset: int) -> str:
    return f"S3 GET of {url(obj)} at byte {offset:,}"


def _body(answer: "GetObjectOutputTypeDef") -> Iterator[bytes]:
    with closing(answer["Body"]) as body:  # as its own context manager it does not notice a short body
        while chunk := body.read(_CHUNK_BYTES):
            yield chunk
