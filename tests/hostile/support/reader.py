"""Reads one hostile file with the function's own source, in a process with limits; prints what came of it.

python -m tests.hostile.support.reader NAME MEGABYTES SECONDS
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from function.aws.source import S3Source
from function.domain.content import Scan
from function.domain.model import CsvObject, Deadline
from tests.hostile.support.files import FILES


class Body:
    """A response's body over a stream, as botocore hands it out."""

    def __init__(self, stream: Iterator[bytes]):
        self._stream, self._rest = stream, b""

    def read(self, size: int) -> bytes:
        while len(self._rest) < size and (more := next(self._stream, None)) is not None:
            self._rest += more
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def close(self) -> None:
        pass


class S3:
    """The one object there is. Its length is not known before its end, and no one asks for it then."""

    def __init__(self, stream: Iterator[bytes]):
        self._body = Body(stream)

    def get_object(self, **_: object) -> dict[str, Any]:
        return {"Body": self._body, "ContentLength": 1 << 40}


async def read(name: str, megabytes: int) -> Scan:
    obj = CsvObject("bucket", name, "1", "", 1 << 40, datetime.now(UTC))
    source = S3Source(S3(FILES[name]()), memory=megabytes << 20)  # type: ignore[arg-type]
    return await source.open(obj).scan(Deadline(time.monotonic() + 3600))


def peak() -> int:
    """The most memory that this process has held, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def main() -> None:
    name, megabytes, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    scan = asyncio.run(read(name, megabytes))
    told = {
        "code": scan.error and scan.error.code,
        "rows": scan.profile and scan.profile.rows,
        "peak": peak(),
        "cpu": time.process_time(),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
