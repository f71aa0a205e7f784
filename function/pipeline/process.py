"""The steps of one upload, in order: claim, scan, record, deliver, settle."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from function.domain import report
from function.domain.csv_document import ALL, Disclosure
from function.domain.errors import PipelineError
from function.domain.expectations import assess
from function.domain.model import (
    Claim,
    CsvObject,
    Deadline,
    Document,
    Finished,
    Held,
    Upload,
)
from function.domain.outcome import Outcome
from function.pipeline.ports import Claims, Delivery, Opened, Source, Split
from function.pipeline.supersede import successor

if TYPE_CHECKING:
    from function.domain.fanout import Progress

_LOG = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 4.0  # a lease outlasts two missed beats, see claims.LEASE
PATIENCE_SHARE = 0.5  # of the time left, to wait for a connection; the rest is for processing
_HELD_POLL_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Processes an upload in all steps; has no state.

    `supersede`: an empty version has no message if a newer one follows within this time;
    zero: always a message.
    `disclosure` is what of a file's content a result may repeat.
    `split` says which files an execution of the state machine reads; without it, there is no state machine.
    `of_execution`: it is an execution that processes; it leaves a file to another one that has it.
    """

    source: Source
    claims: Claims
    delivery: Delivery
    destinations: report.Destinations
    supersede: timedelta = timedelta(0)
    disclosure: Disclosure = ALL
    split: Split | None = None
    of_execution: bool = False

    async def process(self, upload: Upload, owner: str, deadline: Deadline) -> Outcome:
        """Process one upload to its end, or as far as possible.

        Args:
            upload: as the event named it.
            owner: the invocation's request id. Lambda keeps it over its retries, so a retry resumes at once
                what it was killed in, where a duplicate event has to wait.
            deadline: when to stop reading.

        Raises:
            PipelineError: a service failed, for several effects in an ExceptionGroup; what is done is in the
                row, and a retry does the rest.
        """
        received_at = datetime.now(UTC)
        obj = await self.source.pin(upload)
        # The object is requested concurrently with the claim: only the longer of the two round trips counts.
        async with contextlib.aclosing(self.source.open(obj)) as opened:
            claim = await self._claim(obj, owner, received_at, deadline)
            match claim:
                case Finished(status):
                    return Outcome(obj, status, repeated=True)
                case Held(execution=execution):
                    return Outcome(obj, "processing", repeated=True, execution=execution)
            if execution := await self._started(obj, opened, claim, deadline):
                return Outcome(obj, "processing", execution=execution)
            return await self._finish(obj, opened, claim, deadline)

    async def _started(self, obj: CsvObject, opened: Opened, claim: Claim, deadline: Deadline) -> str | None:
        """The execution that was started for the file; None if it is for this invocation."""
        if self.split is None or claim.result or obj.size <= self.split.above:
            return None
        from function.pipeline import fan_out  # noqa: PLC0415 for few files

        async with self._kept(claim):
            name = await fan_out.prepare(self.split, obj, claim, opened, deadline)
        if name:  # only now, as no renewal may follow: it would be one of a claim that is another's
            await fan_out.start(self.split, self.claims, claim, name)
        return name

    async def _finish(self, obj: CsvObject, opened: Opened, claim: Claim, deadline: Deadline) -> Outcome:
        async with self._kept(claim):
            result = claim.result or await self._examine(obj, opened, claim, deadline)
            receipt = await self.delivery.deliver(claim, obj, result)
            await self.claims.settle(claim, receipt, result)
        if len(receipt.faults) > 1:
            raise ExceptionGroup("; ".join(map(str, receipt.faults)), receipt.faults)
        if receipt.faults:
            raise receipt.faults[0]
        return Outcome.of(obj, result)

    async def _examine(self, obj: CsvObject, opened: Opened, claim: Claim, deadline: Deadline) -> Document:
        started_at, clock = datetime.now(UTC), time.perf_counter()
        scan = await opened.scan(deadline)
        scan_ms = round((time.perf_counter() - clock) * 1000)
        if scan.began_at:  # in parts, by other invocations
            scan_ms += round((started_at - scan.began_at).total_seconds() * 1000)
            started_at = scan.began_at
        newer = await successor(self.source, obj, scan, self.supersede, deadline)
        timing = report.Timing(
            received_at=claim.received_at,
            started_at=started_at,
            finished_at=datetime.now(UTC),
            scan_ms=scan_ms,
        )
        past = (
            await self.claims.past(claim, obj.bucket, scan.options.series)
            if scan.options.series
            else claim.past
        )
        found = assess(obj, scan, past, claim.contract)
        result = report.document(
            obj,
            found.scan,
            claim.stamped_name,
            self.destinations,
            timing,
            newer=newer,
            parts=found.parts,
            disclosure=self.disclosure,
            replayed=claim.replays > 0,
        )
        return await self.claims.record(claim, result, found.summary)

    async def _claim(
        self, obj: CsvObject, owner: str, received_at: datetime, deadline: Deadline
    ) -> Claim | Held | Finished:
        """Claim; wait while another invocation holds the claim and does not renew its lease.

        A renewed lease means that its holder is alive and finishes the file. An expired lease is taken over.
        An execution is not waited for; if it has ended, its claim is taken over.
        """
        first: Held | None = None
        ended: str | None = None
        while True:
            patience = PATIENCE_SHARE * max(0.0, deadline.at - time.monotonic())
            claim = await self.claims.claim(obj, owner, received_at, patience, ended)
            if not isinstance(claim, Held):
                return claim
            if claim.execution:
                if not await self._has_ended(claim.execution):
                    return claim
                ended = claim.execution
            elif first and claim.until > first.until:
                return claim
            else:
                first = first or claim
                await asyncio.sleep(_HELD_POLL_SECONDS)

    async def progress(self, execution: str) -> "Progress":
        """How far an execution is that has a file; without a state machine, it has ended with that.

        Raises:
            PipelineError: a service failed.
        """
        from function.pipeline import fan_out  # noqa: PLC0415 for few files

        return await fan_out.progress(self.split, execution)

    async def _has_ended(self, execution: str) -> bool:
        if self.of_execution:
            return False
        from function.pipeline import fan_out  # noqa: PLC0415 for few files

        return await fan_out.has_ended(self.split, execution)

    @contextlib.asynccontextmanager
    async def _kept(self, claim: Claim) -> AsyncIterator[None]:
        """Renew the lease for as long as the body runs."""
        heartbeat = asyncio.create_task(self._beat(claim))
        try:
            yield
        finally:
            heartbeat.cancel()
            await asyncio.wait([heartbeat])

    async def _beat(self, claim: Claim) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            try:
                await self.claims.extend(claim)
            except PipelineError as error:  # the next write is fenced: a lost claim shows there
                _LOG.warning("lease not renewed", extra={"row": claim.row, "reason": str(error)})
