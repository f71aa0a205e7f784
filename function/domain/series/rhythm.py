"""When the next file of a series is due, by the rhythm of the earlier ones. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

LEAST = 5  # deliveries; below that there is no rhythm
_TOGETHER = timedelta(hours=1)  # files that come so soon after another are one delivery
_GRACE = 1.5  # of the median interval, before a file is late
_PAUSE = 1.1  # of a pause that was there before, as over a weekend
_MOST = 21  # deliveries that are looked at


@dataclass(frozen=True, slots=True)
class Overdue:
    """A series whose next file should have come.

    Attributes:
        series: its name.
        last_uploaded_at: when the last file came.
        interval: the median time between two deliveries.
        due_at: when the next one was expected at the latest.
    """

    series: str
    last_uploaded_at: datetime
    interval: timedelta
    due_at: datetime


def overdue(series: str, arrivals: Sequence[datetime], now: datetime) -> Overdue | None:
    """Whether the next file is late; None too if there is no rhythm.

    A pause that was there twice belongs to the rhythm: a series that comes on weekdays is not late on Sunday.

    Args:
        series: its name.
        arrivals: when its files came, the latest first.
        now: the time to judge at.
    """
    deliveries = _deliveries(arrivals)[:_MOST]
    if len(deliveries) < LEAST:
        return None
    seconds = [(later - earlier).total_seconds() for later, earlier in pairwise(deliveries)]
    interval, pause = timedelta(seconds=median(seconds)), timedelta(seconds=sorted(seconds)[-2])
    due_at = arrivals[0] + max(_GRACE * interval, _PAUSE * pause)
    return Overdue(series, arrivals[0], interval, due_at) if now > due_at else None


def _deliveries(arrivals: Sequence[datetime]) -> list[datetime]:
    """The first file of each delivery, the latest delivery first."""
    firsts: list[datetime] = []
    last: datetime | None = None
    for moment in sorted(arrivals):
        if last is None or moment - last > _TOGETHER:
            firsts.append(moment)
        last = moment
    return firsts[::-1]
