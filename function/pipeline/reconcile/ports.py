"""What a reconciliation asks of its surroundings; adapters implement it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol

from function.domain.model import Delivered, Document, Effect, Unfinished, Upload


class Inventory(Protocol):
    """What is in the buckets; implemented by `inventory.Inventory`."""

    async def versions(
        self, bucket: str, prefix: str, after: Document | None, limit: int
    ) -> tuple[list[Upload], Document | None]:
        """A page of object versions, and where the next begins."""

    async def keys(
        self, bucket: str, prefix: str, after: str, limit: int
    ) -> tuple[list[tuple[str, datetime]], bool]:
        """A page of keys with the time each was written, and whether there are more."""

    async def find(self, bucket: str, key: str, version_id: str | None) -> Upload | None:
        """The object as it is there now, by default its current version."""


class Register(Protocol):
    """What is in the table; implemented by `register.Register`."""

    async def known(self, bucket: str, versions: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those (key, version id) that have a row."""

    async def unfinished(
        self, bucket: str, after: int, older_than: timedelta, limit: int
    ) -> list[Unfinished]:
        """A page of unfinished rows that no worker has claimed, with those that an execution has."""

    async def delivered(self, effect: Effect, after: str, limit: int) -> list[Delivered]:
        """A page of rows that say that the effect is done."""

    async def reopen(self, row: int, effect: Effect) -> None:
        """Take that word back."""
