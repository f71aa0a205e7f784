"""The passes of a reconciliation."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from function.domain import keys
from function.domain.errors import OutOfTimeError, PipelineError
from function.domain.model import Deadline, Delivered, Document, Effect, Unfinished, Upload
from function.domain.outcome import Outcome
from function.pipeline.reconcile.ports import Inventory, Register
from function.pipeline.reconcile.request import ReconcileReport, Request

if TYPE_CHECKING:
    from function.domain.fanout import Progress

PAGE = 500
MOST_ATTEMPTS, MOST_OF_AN_EXECUTION = 6, 16
"""Three of its event, three of a schedule, ten of a last step: what kills its worker holds up no other."""


class OutOfTime(Exception):  # noqa: N818 not an error: the rest is for the next run
    """The deadline has passed."""


@dataclass(slots=True)
class Passes:
    """One run.

    Args:
        inventory, register: where to look.
        places: bucket and prefix of results and of backups.
        process: brings one upload to its end, by the claim path.
        progress: how far an execution is.
        request: what was asked.
        deadline: when to stop.
    """

    inventory: Inventory
    register: Register
    places: dict[Effect, tuple[str, str]]
    process: Callable[[Upload, Deadline], Awaitable[Outcome]]
    progress: Callable[[str], Awaitable["Progress"]]
    request: Request
    deadline: Deadline
    findings: ReconcileReport = field(default_factory=ReconcileReport)
    _reached: Any = None  # in the pass under way: what is behind this is done

    async def run(self) -> ReconcileReport:
        """Go through the passes from where the request says, until the end or the deadline.

        Raises:
            PipelineError: bucket or table cannot be read.
        """
        passes: dict[str, Callable[[Any], Awaitable[Any]]] = {
            "uploads": self._uploads,
            "unfinished": self._unfinished,
            "results": self._results,
            "backups": self._backups,
        }
        position = self.request.position or {"pass": self.request.passes[0], "after": None}
        begin, self._reached = self.request.passes.index(position["pass"]), position["after"]
        for name in self.request.passes[begin:]:
            try:
                await self._to_the_end(passes[name])
            except OutOfTime:
                self.findings.position = {"pass": name, "after": self._reached}
                break
            self._reached = None
        return self.findings

    async def _to_the_end(self, page: Callable[[Any], Awaitable[Any]]) -> None:
        """Page after page; each returns where the next begins, None at the end of the pass."""
        following = self._reached
        while True:
            self._check_time()
            following = await page(following)
            if following is None:
                return
            self._reached = following

    async def _uploads(self, after: Document | None) -> Document | None:
        page, following = await self.inventory.versions(self.request.bucket, self.request.prefix, after, PAGE)
        due = [upload for upload in page if self.request.includes(upload)]
        known = await self.register.known(self.request.bucket, [_identity(upload) for upload in due])
        for upload in due:
            if _identity(upload) not in known:
                await self._redrive("without_row", upload)
            self.findings.found += 1
            self._reached = {"KeyMarker": upload.key, "VersionIdMarker": upload.version_id}
        return following

    async def _unfinished(self, after: int | None) -> int | None:
        rows = await self.register.unfinished(self.request.bucket, after or 0, self.request.grace, PAGE)
        for each in rows:
            if not await self._is_under_way(each):
                await self._take_up(each)
            self._reached = each.row
        return rows[-1].row if len(rows) == PAGE else None

    async def _is_under_way(self, each: Unfinished) -> bool:
        if not (each.held and each.execution):
            return False
        self._check_time()
        try:
            return await self.progress(each.execution) == "running"
        except PipelineError as error:
            self.findings.note("stuck", f"{each.upload.key}: {error}")
            return True  # for all that is known

    async def _take_up(self, each: Unfinished) -> None:
        if each.attempts < (MOST_OF_AN_EXECUTION if each.execution else MOST_ATTEMPTS):
            await self._redrive("unfinished", each.upload)
        else:
            self.findings.note("unfinished", each.upload.key)
            why = f"given up after {each.attempts} attempts; replay it once its cause is corrected"
            self.findings.note("stuck", f"{each.upload.key}: {why}")

    async def _results(self, after: str | None) -> str | None:
        return await self._outputs(Effect.RESULT, after or "")

    async def _backups(self, after: str | None) -> str | None:
        return await self._outputs(Effect.BACKUP, after or "")

    async def _outputs(self, effect: Effect, after: str) -> str | None:
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
        young = datetime.now(UTC) - self.request.grace
        for key in sorted(there.keys() | said.keys()):
            if key not in there:
                await self._restore(effect, bucket, said[key])
            elif key not in said and not keys.is_report(key) and there[key] < young:
                # a younger one's row may just not say so yet; a page belongs to the result beside it
                self.findings.note("orphans", f"s3://{bucket}/{key}")
            self._reached = key
        return reach

    async def _restore(self, effect: Effect, bucket: str, lost: Delivered) -> None:
        if await self.inventory.find(bucket, lost.key, None):
            return  # it came between the two lists
        trouble, upload = f"missing_{effect.value}s", lost.upload
        if effect is Effect.BACKUP and not await self.inventory.find(
            upload.bucket, upload.key, upload.version_id
        ):
            self.findings.note(
                trouble, f"{lost.key}: and the version that it was a copy of does not exist any more"
            )
        else:
            await self._redrive(trouble, upload, reopen=(lost.row, effect))

    async def _redrive(self, trouble: str, upload: Upload, reopen: tuple[int, Effect] | None = None) -> None:
        self._check_time()
        if not self.request.dry_run:
            if reopen:
                await self.register.reopen(*reopen)
            # the first of a run has had all the time there is, so that the longest file has its turn, too
            deadline, self.deadline = self.deadline, replace(self.deadline, final=False)
            try:
                outcome = await self.process(upload, deadline)
            except OutOfTimeError:
                raise OutOfTime from None
            except Exception as error:  # one file's fault must not stop the others
                self.findings.note("stuck", f"{upload.key}: {error}")
            else:
                self.findings.redriven += not outcome.is_of_another
        self.findings.note(trouble, upload.key)

    def _check_time(self) -> None:
        if time.monotonic() > self.deadline.at:
            raise OutOfTime


def _identity(upload: Upload) -> tuple[str, str]:
    return upload.key, upload.version_id or "null"
