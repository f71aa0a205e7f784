"""The steps of one upload, in order: claim, scan, record, deliver, settle."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

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
from function.pipeline.ports import Claims, Delivery, Opened, Source
from function.pipeline.supersede import successor

_LOG = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 4.0  # a lease outlasts two missed beats, see claims.LEASE
PATIENCE_SHARE = 0.5  # of the time left, to wait for a connection; the rest is there to work in
_HELD_POLL_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Takes an upload through all steps; holds no state of its own.

    `supersede` is how soon a newer version must come for an empty one not to be told of; zero to tell always.
    `disclosure` is what of a file's content a result may repeat.
    """

    source: Source
    claims: Claims
    delivery: Delivery
    destinations: report.Destinations
    supersede: timedelta = timedelta(0)
    disclosure: Disclosure = ALL

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
        # The object is asked for beside the claim: of the two flights, only the longer is waited for.
        async with contextlib.aclosing(self.source.open(obj)) as opened:
            claim = await self._claim(obj, owner, received_at, deadline)
            match claim:
                case Finished(status):
                    return Outcome(obj, status, repeated=True)
                case Held():
                    return Outcome(obj, "processing", repeated=True)
            return await self._finish(obj, opened, claim, deadline)

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
        """Claim, waiting while another invocation holds the claim without a sign of life.

        A lease that is renewed has a living holder, whose own event answers for the file. One that runs out
        is taken over.
        """
        first: Held | None = None
        while True:
            patience = PATIENCE_SHARE * max(0.0, deadline.at - time.monotonic())
            claim = await self.claims.claim(obj, owner, received_at, patience)
            if not isinstance(claim, Held) or (first and claim.until > first.until):
                return claim
            first = first or claim
            await asyncio.sleep(_HELD_POLL_SECONDS)

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
