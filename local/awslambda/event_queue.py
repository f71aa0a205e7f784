"""Lambda's handling of asynchronous events: a queue, two retries, and an on-failure record.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from local.aws.queues import Message, Queue
from local.awslambda.dead_letters import DeadLetters
from local.awslambda.pool import WorkerPool
from local.awslambda.runtime_api import Invocation, Response
from local.errors import StackError

_POLL_SECONDS = 5


class EventQueue:
    """Takes events from a queue to the workers from `start` to `stop`.

    Args:
        events: an event stays in it, invisible, until the last attempt at it.
        dead_letters: receives an event given up.
        pool: the workers; closed by `stop`.
        retry_delays: seconds before each further attempt.
        prepare: awaited with each event before the first attempt at it.
    """

    def __init__(
        self,
        events: Queue,
        dead_letters: DeadLetters,
        pool: WorkerPool,
        retry_delays: Sequence[float],
        prepare: Callable[[Any], Awaitable[None]],
    ):
        self._events = events
        self._dead_letters = dead_letters
        self._pool = pool
        self._delays = tuple(retry_delays)
        self._prepare = prepare
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Warm the first worker up and begin to take events to it."""
        await self._pool.warm()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Kill the workers and take no more events.

        Raises:
            StackError: it had stopped by itself.
        """
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        await self._pool.close()
        await self.check()

    async def check(self) -> None:
        """Make sure that it runs, or was stopped.

        Raises:
            StackError: it has stopped by itself; the cause is its cause.
        """
        if self._task is not None and self._task.done() and not self._task.cancelled():
            raise StackError("the event queue no longer reaches the workers") from self._task.exception()

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as deliveries:
            while True:
                for message in await asyncio.to_thread(self._events.receive, _POLL_SECONDS):
                    deliveries.create_task(self._deliver(message))

    async def _deliver(self, message: Message) -> None:
        if not is_test_event(message.body):
            await self._prepare(message.body)
            response, attempts = await self._attempt(Invocation(str(uuid.uuid4()), message.body))
            if response.failed:
                await asyncio.to_thread(self._dead_letters.add, message.body, response, attempts)
        await asyncio.to_thread(self._events.delete, message)

    async def _attempt(self, invocation: Invocation) -> tuple[Response, int]:
        """Invoke until it succeeds or the retries are used up; the last response, and how many there were."""
        attempts, response = 1, await self._pool.invoke(invocation)
        for delay in self._delays:
            if not response.failed:
                break
            await asyncio.sleep(delay)
            attempts, response = attempts + 1, await self._pool.invoke(invocation)
        return response, attempts


def is_test_event(event: Any) -> bool:
    """Whether this is what S3 sends once, when notifications are configured; Lambda never sees it."""
    return isinstance(event, dict) and event.get("Event") == "s3:TestEvent"
