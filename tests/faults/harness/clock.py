"""A clock for models: slower or faster than the wall's, and done with pauses at once."""

import asyncio
import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Clock:
    """A clock that runs `rate` times as fast as the wall's; a pause in which nothing happens is passed over."""

    rate: float
    start: float = 0.0
    pauses: "list[tuple[float, int, asyncio.Future[None]]]" = field(default_factory=list)

    async def run(self, busy: Callable[[], bool]) -> None:
        """Begin at zero, and go on until cancelled; from pause to pause whenever nobody is busy."""
        self.start = time.monotonic()
        while True:
            await asyncio.sleep(0.01)
            if self.pauses and not busy():
                self.start -= max(0.0, self.pauses[0][0] - self.now()) / self.rate
            while self.pauses and self.pauses[0][0] <= self.now():
                heapq.heappop(self.pauses)[2].set_result(None)

    async def pause(self, seconds: float) -> None:
        """Sleep, in a way that may be passed over."""
        over = asyncio.get_running_loop().create_future()
        heapq.heappush(self.pauses, (self.now() + seconds, id(over), over))
        await over

    def now(self) -> float:
        """Seconds since it began."""
        return (time.monotonic() - self.start) * self.rate

    async def sleep(self, seconds: float) -> None:
        """Let that much of its time pass."""
        await asyncio.sleep(seconds / self.rate)

    async def until(self, moment: float) -> None:
        """Sleep until then."""
        await self.sleep(max(0.0, moment - self.now()))
