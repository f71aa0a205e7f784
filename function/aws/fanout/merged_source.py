"""An object whose parts have been read: what they say together stands for its reading."""

import asyncio
from dataclasses import dataclass, replace
from typing import Protocol

from function.aws.fanout.work import Work
from function.domain.content import Scan
from function.domain.model import CsvObject, Deadline, Upload


@dataclass(frozen=True, slots=True)
class MergedOpened:
    """Implements `ports.Opened`."""

    work: Work
    name: str

    async def plan(self, deadline: Deadline, part_bytes: int) -> None:
        """No parts: they have been read."""

    async def scan(self, deadline: Deadline) -> Scan:
        """The merged scan.

        Raises:
            TransientError, SettingsError: it cannot be read.
        """
        return await asyncio.to_thread(self._scan)

    async def aclose(self) -> None:
        """Nothing is open."""

    def _scan(self) -> Scan:
        return replace(self.work.merged(self.name).scan, began_at=self.work.plan(self.name).began_at)


class Source(Protocol):
    """Where versions are looked up; implemented by `source.S3Source`."""

    async def pin(self, upload: Upload) -> CsvObject:
        """Make sure of the version."""

    async def current(self, bucket: str, key: str) -> CsvObject | None:
        """The version of the key that is there now."""


@dataclass(frozen=True, slots=True)
class MergedSource:
    """Implements `ports.Source` for the object of one execution.

    Attributes:
        source: where other versions are looked up.
        work: where the merged scan is.
        name: of the execution.
    """

    source: Source
    work: Work
    name: str

    async def pin(self, upload: Upload) -> CsvObject:
        """As the source does."""
        return await self.source.pin(upload)

    def open(self, obj: CsvObject) -> MergedOpened:
        """Nothing is asked for before the scan."""
        return MergedOpened(self.work, self.name)

    async def current(self, bucket: str, key: str) -> CsvObject | None:
        """As the source does."""
        return await self.source.current(bucket, key)
