"""Fan-out on this machine: the emulator interprets the state machine, worker pools run its functions."""

import asyncio
from collections.abc import Mapping
from typing import Any

from local.aws.emulator import Emulator
from local.aws.queues import Queue
from local.aws.state_machine import StateMachine
from local.awslambda.invoke_api import InvokeApi
from local.awslambda.pool import Function, WorkerPool
from local.processes.group import Processes


class FanOut:
    """The state machine of a stack and the workers of its functions, from `start` to `stop`.

    Args:
        functions: by the names that the definition uses; a worker starts with its first event.
    """

    def __init__(self, processes: Processes, emulator: Emulator, functions: Mapping[str, Function]) -> None:
        self._machine = StateMachine(emulator)
        self._pools = {name: WorkerPool(processes, function) for name, function in functions.items()}
        self._api = InvokeApi(self._pools)

    async def start(self, definition: Mapping[str, Any], failures: Queue) -> None:
        """Create the state machine; `failures` receives the event of each execution that fails."""
        await self._api.start()
        urls = {name: self._api.url(name) for name in self._pools}
        await asyncio.to_thread(self._machine.create, definition, urls, failures)

    async def stop(self) -> None:
        """Kill the workers; the emulator ends with the stack, and its executions with it."""
        await self._api.close()
        for pool in self._pools.values():
            await pool.close()

    @property
    def workers(self) -> list[int]:
        """Process ids of the workers alive."""
        return [pid for pool in self._pools.values() for pid in pool.pids]

    def running(self) -> int:
        """How many executions run."""
        return self._machine.running()
