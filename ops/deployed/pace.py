"""Many jobs for the function, as many at once as it has room for."""

import random
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T")
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds; the upper bounds of the pauses after a refusal


class BusyError(Exception):
    """There is no room for the job now: Lambda throttles, or the database has no connection free."""


@dataclass(slots=True)
class Pace:
    """How many jobs may run at once: twice as many in each round until the first refusal, which halves them.

    From there one more a round, as TCP does to share a line (RFC 5681, section 3.1).

    Attributes:
        most: never more than this.
        limit: how many now.
    """

    most: int
    limit: float = 1.0
    _refused: bool = False
    _pause: float = _FIRST_PAUSE

    def faster(self) -> None:
        """A job was done."""
        self.limit = min(self.most, self.limit + (1 / self.limit if self._refused else 1))
        self._pause = _FIRST_PAUSE

    def slower(self) -> float:
        """A job was refused; the seconds to let pass before the next."""
        self.limit, self._refused = max(1.0, self.limit / 2), True
        pause, self._pause = self._pause, min(2 * self._pause, _LONGEST_PAUSE)
        return random.uniform(0, pause)  # noqa: S311 it spreads load, it guards nothing


@dataclass(slots=True)
class Tally:
    """What has become of the jobs so far."""

    done: int = 0
    refused: int = 0
    at_once: int = 1
    interrupted: bool = False
    failures: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """In words; each failure was told as it happened."""
        what_next = {"interrupted": "the rest is as it was: run it again"} if self.interrupted else {}
        return {"done": self.done, "failed": len(self.failures), "held_back": self.refused, **what_next}


class Paced(Generic[T]):
    """One run.

    Args:
        do: does one job, in a thread. BusyError has it done later; any other error is the job's failure.
        most: how many jobs may run at once.
        show: is told whenever a job has ended.
    """

    def __init__(self, do: Callable[[T], object], most: int, show: Callable[[Tally], None]):
        self._do, self._show = do, show
        self._pace = Pace(most)
        self._again: deque[T] = deque()
        self._running: dict[Future[object], T] = {}
        self._tally = Tally()

    def run(self, jobs: Iterator[T]) -> Tally:
        """Do the jobs to the last, or until the user interrupts: what runs then is waited for."""
        with ThreadPoolExecutor(self._pace.most) as pool:
            try:
                while self._start(jobs, pool):
                    self._collect()
            except KeyboardInterrupt:
                self._tally.interrupted = True
                wait(self._running)
                self._count(set(self._running))
        return self._tally

    def _start(self, jobs: Iterator[T], pool: ThreadPoolExecutor) -> bool:
        """Fill up to what may run at once; False if nothing runs, and nothing is left."""
        while len(self._running) < int(self._pace.limit):
            try:
                job = self._again.popleft() if self._again else next(jobs)
            except StopIteration:
                break
            self._running[pool.submit(self._do, job)] = job
        return bool(self._running)

    def _collect(self) -> None:
        ended, _ = wait(self._running, return_when=FIRST_COMPLETED)
        pause = self._count(ended)
        self._tally.at_once = int(self._pace.limit)
        self._show(self._tally)
        time.sleep(pause)

    def _count(self, ended: "set[Future[object]]") -> float:
        """Take stock of what has ended; the seconds to let pass."""
        pause = 0.0
        for future in list(ended):
            job, error = self._running.pop(future), future.exception()
            if isinstance(error, BusyError):
                self._again.append(job)
                self._tally.refused += 1
                pause = max(pause, self._pace.slower())
            elif error is not None:
                self._tally.failures.append(str(error))
            else:
                self._tally.done += 1
                self._pace.faster()
        return pause
