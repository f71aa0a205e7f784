"""An empty version and the one that takes its place at once.

Some file systems on S3 write an empty object when a file is made, and the whole one when it is closed: nobody
wants a mail about the first. See docs/adr/0032-empty-and-superseded.md.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from function.domain.content import Scan
from function.domain.errors import ErrorCode
from function.domain.model import CsvObject, Deadline

LOOK_AT_SECONDS = 2.0  # of age; an alarm rings when an invocation takes five
_LISTED_TO = timedelta(seconds=1)  # S3's time of a version is a whole second, that of its event is not


class Source(Protocol):
    """Where versions are looked up."""

    async def current(self, bucket: str, key: str) -> CsvObject | None:
        """The version of the key that is there now."""


async def successor(
    source: Source, obj: CsvObject, scan: Scan, within: timedelta, deadline: Deadline
) -> CsvObject | None:
    """The version that took an empty one's place within the time; None for a file that is not empty.

    Waits until the empty version is `LOOK_AT_SECONDS` old, and asks S3 once.

    Raises:
        TransientError, SettingsError: S3 cannot be asked.
    """
    if not within or scan.error is None or scan.error.code is not ErrorCode.EMPTY_FILE:
        return None
    age = max(0.0, (datetime.now(UTC) - obj.uploaded_at).total_seconds())
    await asyncio.sleep(max(0.0, min(LOOK_AT_SECONDS - age, deadline.at - time.monotonic())))
    found = await source.current(obj.bucket, obj.key)
    if found is None or found.version_id == obj.version_id:
        return None
    return found if -_LISTED_TO < found.uploaded_at - obj.uploaded_at <= within else None
