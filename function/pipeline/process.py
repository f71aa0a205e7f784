"""The steps of one upload, in order: claim, scan, record, deliver, settle."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from function.domain import report
from function.domain.content import Scan
from function.domain.errors import PipelineError
from function.domain.model import (
    Claim,
    CsvObject,
    Deadline,
    Document,
    Finished,
    Held,
    Outcome,
    Receipt,
    Upload,
)
from function.pipeline.supersede import successor

_LOG = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 4.0  # a lease outlasts two missed beats, see claims.LEASE
PATIENCE_SHARE = 0.5  # of the time left, to wait for a connection; the rest is there to work in
_HELD_POLL_SECONDS = 0.25


class Opened(Protocol):
    """An object version that was asked for."""

    async def scan(self, deadline: Deadline) -> Scan:
        """Read it to its end, or as far as the time goes."""

    async def aclose(self) -> None:
        """Give up what has not been read."""


class Source(Protocol):
    """Where uploads are read."""

    async def pin(self, upload: Upload) -> CsvObject:
        """Make sure of the version."""

    def open(self, obj: CsvObject) -> Opened:
        """Ask for the object version, without waiting for the answer."""

    async def current(self, bucket: str, key: str) -> CsvObject | None:
        """The version of the key that is there now."""


class Claims(Protocol):
    """Where every upload is accounted for. All writes are fenced by the claim."""

    async def claim(
        self, obj: CsvObject, owner: str, received_at: datetime, patience: float
    ) -> Claim | Held | Finished:
        """Take the right to work on the version, if it is free; wait up to `patience` seconds to ask."""

    async def extend(self, claim: Claim) -> None:
        """Renew the lease."""

    async def record(self, claim: Claim, result: Document) -> Document:
        """Keep the verdict; the same document, with an earlier upload of the same bytes named in it."""

    async def settle(self, claim: Claim, receipt: Receipt, result: Document) -> None:
        """Note which effects are done and give up the claim."""


class Delivery(Protocol):
    """Where the effects of a verdict are done."""

    async def deliver(self, claim: Claim, obj: CsvObject, result: Document) -> Receipt:
        """Do the effects that are missing, concurrently; report every failure, raise none."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Takes an upload through all steps; holds no state of its own.

    `supersede` is how soon a newer version must come for an empty one not to be told of; zero to tell always.
    """

    source: Source
    claims: Claims
    delivery: Delivery
    destinations: report.Destinations
    supersede: timedelta = timedelta(0)

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
        return Outcome(
            obj,
            result["status"],
            rows=result["csv"] and result["csv"]["rows"],
            doubts=result["csv"] and len(result["csv"]["warnings"]),
            error_code=result["error"] and result["error"]["code"],
        )

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
        result = report.document(obj, scan, claim.stamped_name, self.destinations, timing, newer=newer)
        return await self.claims.record(claim, result)

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
