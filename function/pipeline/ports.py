"""What the pipeline asks of its surroundings; adapters implement it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from function.domain.content import Scan
from function.domain.model import (
    Claim,
    CsvObject,
    Deadline,
    Document,
    Finished,
    Held,
    Receipt,
    Upload,
)

if TYPE_CHECKING:
    from function.domain.fanout import Plan, Progress


class Opened(Protocol):
    """An object version that was asked for."""

    async def plan(self, deadline: Deadline, part_bytes: int) -> "Plan | None":
        """Look at its start: how it is read in parts; None if it is not, then `scan` goes on from there."""

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
        self,
        obj: CsvObject,
        owner: str,
        received_at: datetime,
        patience: float,
        ended: str | None = None,
    ) -> Claim | Held | Finished:
        """Take the right to work on the version, if it is free; wait up to `patience` seconds to ask.

        It is free, too, if it is lent to the execution `ended`.
        """

    async def extend(self, claim: Claim) -> None:
        """Renew the lease."""

    async def lend(self, claim: Claim, execution: str, lease: timedelta) -> None:
        """Leave the claim to an execution of the state machine for as long as it may run."""

    async def past(self, claim: Claim, bucket: str, series: str) -> Sequence[Sequence[Any]]:
        """The earlier files of another series than the one that the key tells."""

    async def record(self, claim: Claim, result: Document, summary: list[list[Any]] | None) -> Document:
        """Keep the verdict, and what later files are compared with.

        Returns the same document, with an earlier upload of the same bytes named in it.
        """

    async def settle(self, claim: Claim, receipt: Receipt, result: Document) -> None:
        """Note which effects are done and give up the claim."""


class Delivery(Protocol):
    """Where the effects of a verdict are done."""

    async def deliver(self, claim: Claim, obj: CsvObject, result: Document) -> Receipt:
        """Do the effects that are missing, concurrently; report every failure, raise none."""


class FanOut(Protocol):
    """Where executions are started that read an object in parts."""

    async def prepare(self, name: str, obj: CsvObject, plan: "Plan") -> None:
        """Store what the execution needs to know."""

    async def start(self, name: str) -> None:
        """Start an execution that was prepared; none is started twice."""

    async def progress(self, name: str) -> "Progress":
        """How far the execution is."""


@dataclass(frozen=True, slots=True)
class Split:
    """Which files are read in parts.

    Attributes:
        above: those of more stored bytes.
        part_megabytes: size of a part; parts are larger where there would be too many.
        fan_out: what starts the executions; made when it is called for the first time.
    """

    above: int
    part_megabytes: int
    fan_out: Callable[[], FanOut]
