"""One part of an object: read, and its result stored."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from function.aws import clients
from function.aws.fanout.ranges import Ranges
from function.aws.fanout.work import Planned, UnreadableError, Work
from function.aws.limits import reader_faults
from function.aws.stream import url
from function.domain.errors import FileError, SettingsError
from function.domain.fanout import Item
from function.domain.model import Deadline, Document
from function.scan.parts.part import read_part

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class Parts:
    """Reads parts.

    Attributes:
        s3: the client.
        work: where plans are, and results go.
        memory: bytes at which the process is killed; None for no limit.
    """

    s3: "S3Client"
    work: Work
    memory: int | None = None

    def read(self, item: Item, deadline: Deadline) -> Document:
        """Read one part and store its result.

        Returns:
            What it took: {"bytes": read from S3, "ms": in all}.

        Raises:
            TransientError: S3 failed, or there was not enough time.
            SettingsError: S3 may not be used, or there is not enough memory.
            DefectError: the reader gave up.
        """
        clock = time.perf_counter()
        planned = self.work.plan(item.name)
        plan, obj = planned.plan, planned.obj
        end = min((item.part + 1) * plan.part_bytes, plan.size)
        ranges = Ranges(self.s3, obj, plan.size, end, deadline, self.memory)
        try:
            planned.check_code()
            self._read(item, planned, ranges)
        except UnreadableError as error:
            self.work.write_unreadable(item.name, item.part, str(error))
        return {"bytes": ranges.taken, "ms": round((time.perf_counter() - clock) * 1000)}

    def _read(self, item: Item, planned: Planned, ranges: Ranges) -> None:
        obj = planned.obj
        try:
            with reader_faults(obj):
                part = read_part(planned.plan, item.part, ranges, item.known)
        except FileError as error:  # of memory: what is wrong with the file is in the part
            raise SettingsError(
                f"part {item.part} of {url(obj)} needs more memory than the function has; raise its memory,"
                " or read smaller parts"
            ) from error
        self.work.write_part(item.name, part)


def connect(bucket: str, memory_mb: int = 0) -> Parts:
    """Parts with a client of their own.

    Args:
        bucket: the output bucket.
        memory_mb: megabytes at which Lambda kills the process; 0 for no limit.

    Raises:
        SettingsError: the SDK lacks its region, or another setting.
    """
    with clients.made() as session:
        s3 = clients.s3(session)
    return Parts(s3, Work(s3, bucket), memory_mb * 1024**2 or None)
