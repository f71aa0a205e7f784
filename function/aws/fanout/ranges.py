"""The stored bytes of an object version from any offset on, in requests of ranges."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from function.aws.fanout.work import UnreadableError
from function.aws.limits import MEMORY_SHARE, resident_memory
from function.aws.stream import Stream, get, url
from function.domain.errors import FileError, OutOfTimeError
from function.domain.fanout import MEGABYTE
from function.domain.model import CsvObject, Deadline

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_BEYOND = MEGABYTE  # asked for at once behind the end of a part, as most records end there
_FURTHER = 8 * MEGABYTE


@dataclass(slots=True)
class Ranges:
    """Reads an object for one of its parts.

    Attributes:
        s3: the client.
        obj: the version.
        size: stored bytes of the object.
        end: where the part ends.
        deadline: when to give up.
        memory: bytes at which the process is killed; None for no limit.
        taken: how many bytes were read.
    """

    s3: "S3Client"
    obj: CsvObject
    size: int
    end: int
    deadline: Deadline
    memory: int | None = None
    taken: int = field(default=0, init=False)

    def __call__(self, offset: int) -> Iterator[bytes]:
        """The bytes from `offset` to the end of the object; each range is asked for when it is needed.

        Raises:
            UnreadableError: the version was deleted, or S3 refuses it.
            MemoryError: the process is about to be killed.
            OutOfTimeError: the deadline has passed.
            TransientError, SettingsError: S3 failed, again and again.
        """
        stop = max(self.end + _BEYOND, offset + _FURTHER if offset > self.end else 0)
        try:
            while offset < self.size:
                for chunk in self._range(offset, min(stop, self.size)):
                    self.taken += len(chunk)
                    offset += len(chunk)
                    yield chunk
                stop += _FURTHER
        except FileError as error:  # the reader would take it for something in the bytes
            raise UnreadableError(error.message) from error

    def _range(self, offset: int, stop: int) -> Iterator[bytes]:
        answer = get(self.s3, self.obj, offset, stop)
        return Stream(self.s3, self.obj, self._check, self.deadline, stop).read(answer, offset)

    def _check(self, offset: int) -> None:
        if time.monotonic() > self.deadline.at:
            raise OutOfTimeError(
                f"the part up to byte {self.end:,} of {url(self.obj)} is read as far as byte {offset:,};"
                " read smaller parts"
            )
        if self.memory and resident_memory() > MEMORY_SHARE * self.memory:
            raise MemoryError
