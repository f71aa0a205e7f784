"""The passes of a reconciliation."""

import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from function.model import Delivered, Document, Effect, Outcome, Upload
from function.reconcile.request import Findings, Request

PAGE = 500


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

    async def has(self, bucket: str, key: str) -> bool:
        """Whether the object is there now."""


class Register(Protocol):
    """What is in the table; implemented by `register.Register`."""

    async def known(self, bucket: str, versions: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those (key, version id) that have a row."""

    async def unfinished(
        self, bucket: str, after: int, older_than: timedelta, limit: int
    ) -> list[tuple[int, Upload]]:
        """A page of rows that nobody works on, although they are not done."""

    async def delivered(self, effect: Effect, after: str, limit: int) -> list[Delivered]:
        """A page of rows that say that the effect is done."""

    async def reopen(self, row: int, effect: Effect) -> None:
        """Take that word back."""


class OutOfTime(Exception):  # noqa: N818 not an error: the rest is for the next run
    """The deadline has passed; the page is to be taken up from its beginning."""


@dataclass(slots=True)
class Passes:
    """One run.

    Args:
        inventory, register: where to look.
        places: bucket and prefix of results and of backups.
        process: brings one upload to its end, by the claim path.
        request: what was asked.
        deadline: when to stop, on the clock of `time.monotonic`.
    """

    inventory: Inventory
    register: Register
    places: dict[Effect, tuple[str, str]]
    process: Callable[[Upload], Awaitable[Outcome]]
    request: Request
    deadline: float
    findings: Findings = field(default_factory=Findings)

    async def run(self) -> Findings:
        """Go through the passes from where the request says, until the end or the deadline.

        Raises:
            TransientError: bucket or table cannot be read.
        """
        position = self.request.position or {}
        names = self.request.passes
        begin = names.index(position["pass"]) if position else 0
        after = position.get("after")
        for name in names[begin:]:
            step = getattr(self, f"_{name}")
            try:
                while (after := await self._page(step, after)) is not None:
                    pass
            except OutOfTime as stopped:
                self.findings.position = {"pass": name, "after": stopped.args[0]}
                break
        return self.findings

    async def _page(self, step: Callable[[Any], Awaitable[Any]], after: Any) -> Any:
        """One page; where the next begins, None at the end of the pass."""
        if time.monotonic() > self.deadline:
            raise OutOfTime(after)
        try:
            return await step(after)
        except OutOfTime:
            raise OutOfTime(after) from None

    async def _uploads(self, after: Document | None) -> Document | None:
        page, following = await self.inventory.versions(self.request.bucket, self.request.prefix, after, PAGE)
        due = [upload for upload in page if self.request.includes(upload)]
        known = await self.register.known(self.request.bucket, [_identity(upload) for upload in due])
        for upload in due:
            if _identity(upload) not in known:
                self.findings.note("without_row", upload.key)
                await self._redrive(upload)
        self.findings.found += len(due)
        return following

    async def _unfinished(self, after: int | None) -> int | None:
        rows = await self.register.unfinished(self.request.bucket, after or 0, self.request.grace, PAGE)
        for _, upload in rows:
            self.findings.note("unfinished", upload.key)
            await self._redrive(upload)
        return rows[-1][0] if len(rows) == PAGE else None

    async def _results(self, after: str | None) -> str | None:
        return await self._outputs(Effect.RESULT, after or "", "missing_results")

    async def _backups(self, after: str | None) -> str | None:
        return await self._outputs(Effect.BACKUP, after or "", "missing_backups")

    async def _outputs(self, effect: Effect, after: str, trouble: str) -> str | None:
        """Hold a page of the bucket against a page of the table, as far as both reach.

        Both are in the order of their keys' UTF-8 bytes, which is that of Python's strings too.
        """
        bucket, prefix = self.places[effect]
        listed, more = await self.inventory.keys(bucket, prefix, after, PAGE)
        claimed = await self.register.delivered(effect, after, PAGE)
        ends = [key for key, _ in listed[-1:] if more] + [each.key for each in claimed[PAGE - 1 :]]
        reach = min(ends, default=None)
        there = {key: written for key, written in listed if reach is None or key <= reach}
        said = {each.key: each for each in claimed if reach is None or each.key <= reach}
        for key in said.keys() - there.keys():
            if not await self.inventory.has(bucket, key):
                self.findings.note(trouble, key)
                await self._redrive(said[key].upload, reopen=(said[key].row, effect))
        young = datetime.now(UTC) - self.request.grace
        for key in sorted(there.keys() - said.keys()):
            if there[key] < young:  # else its row may just not say so yet
                self.findings.note("orphans", f"s3://{bucket}/{key}")
        return reach

    async def _redrive(self, upload: Upload, reopen: tuple[int, Effect] | None = None) -> None:
        if self.request.dry_run:
            return
        if time.monotonic() > self.deadline:
            raise OutOfTime
        if reopen:
            await self.register.reopen(*reopen)
        try:
            outcome = await self.process(upload)
        except Exception as error:  # one file's fault must not keep the others from home
            self.findings.note("stuck", f"{upload.key}: {error}")
        else:
            self.findings.redriven += outcome.status != "processing"


def _identity(upload: Upload) -> tuple[str, str]:
    return upload.key, upload.version_id or "null"
