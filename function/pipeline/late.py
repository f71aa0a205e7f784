"""Which series have a file overdue; each is told once, until its next file has come."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from function.domain.model import Deadline, Document, Message
from function.domain.series.rhythm import Overdue, overdue

PAGE = 500
_NAMED = 50  # series in a message


class Register(Protocol):
    """Where series are looked up; implemented by `series.SeriesRegister`."""

    async def arrivals(self, bucket: str, after: str, limit: int) -> list[tuple[str, list[datetime]]]:
        """A page of series beyond the name `after`, each with when its files came, the latest first."""

    async def told(self, bucket: str, late: Sequence[Overdue]) -> set[str]:
        """Those that have been reported since their last file came."""

    async def tell(self, bucket: str, late: Sequence[Overdue]) -> None:
        """Keep that they have been reported."""


class Announcer(Protocol):
    """How people are told; implemented by `delivery.Delivery`."""

    async def announce(self, message: Message) -> None:
        """Send a message that is not about one file."""


@dataclass(frozen=True, slots=True)
class Late:
    """The series of one bucket.

    Attributes:
        bucket: the input bucket.
        register: its series.
        deadline: when to stop looking; what is found by then is reported.
    """

    bucket: str
    register: Register
    deadline: Deadline

    async def find(self) -> list[Overdue]:
        """Every series that is overdue, the longest first.

        Raises:
            PipelineError: the table cannot be read.
        """
        found: list[Overdue] = []
        after, now = "", datetime.now(UTC)
        while time.monotonic() < self.deadline.at:
            page = await self.register.arrivals(self.bucket, after, PAGE)
            found += [late for name, arrivals in page if (late := overdue(name, arrivals, now))]
            if len(page) < PAGE:
                break
            after = page[-1][0]
        return sorted(found, key=lambda late: late.due_at)

    async def tell(self, late: Sequence[Overdue], announcer: Announcer) -> int:
        """Send one message about those that nobody has been told of; how many they are.

        What is sent and cannot be kept is sent again by the next run: better twice than never.

        Raises:
            PipelineError: the table, or the topic, cannot be reached.
        """
        told = await self.register.told(self.bucket, late) if late else set()
        new = [each for each in late if each.series not in told]
        if new:
            await announcer.announce(message(self.bucket, new))
            await self.register.tell(self.bucket, new)
        return len(new)


def document(late: Overdue) -> Document:
    """For whoever asks."""
    return {
        "series": late.series,
        "last_uploaded_at": late.last_uploaded_at.isoformat(),
        "interval_hours": round(late.interval.total_seconds() / 3600, 1),
        "due_at": late.due_at.isoformat(),
    }


def message(bucket: str, late: Sequence[Overdue]) -> Message:
    """What is sent."""
    number = f"{len(late)} file{'s are' if len(late) > 1 else ' is'}"
    lines = [
        f"{number} overdue in {bucket}, by the rhythm of the earlier files of the series:",
        "",
        *(_line(each) for each in late[:_NAMED]),
        *([f"and {len(late) - _NAMED} more"] if len(late) > _NAMED else []),
        "",
        "Nothing is sent again of a series until its next file has come. All that are overdue: pipeline late",
    ]
    return Message(
        subject=f"CSV overdue: {len(late)} {'files' if len(late) > 1 else 'file'}",
        body="\n".join(lines),
        attributes={"status": "overdue", "bucket": bucket},
    )


def _line(late: Overdue) -> str:
    name = "".join(each if each.isprintable() else "?" for each in late.series)
    last, due = (f"{moment:%Y-%m-%d %H:%M}" for moment in (late.last_uploaded_at, late.due_at))
    return f"{name}: the last file came {last}, the next was due {due} UTC"
