"""Fan-out on this machine: the emulator interprets the state machine, worker pools run its functions."""

import asyncio
from dataclasses import replace
from typing import Any

from function.domain.fanout import MEGABYTE
from function.settings import SPLIT_MEGABYTES
from local import environment
from local.aws.emulator import Emulator
from local.aws.queues import Queue
from local.aws.state_machine import StateMachine, function_arn
from local.awslambda.invoke_api import InvokeApi
from local.awslambda.pool import Function, WorkerPool
from local.processes.group import Processes
from workflow.definition import definition

PART_HANDLER = "function.part_handler.handler"
FINISH_HANDLER = "function.finish_handler.handler"
_PART, _FINISH = "csv-pipeline-part", "csv-pipeline-finish"


class FanOut:
    """The state machine of a stack and the workers of its two functions.

    They are made when the first large file comes: the emulator needs 0.2 s of CPU and 25 MB for them.

    Args:
        worker: the function that takes files; those of the state machine have its limits and less of its
            environment.
        failures: receives EventBridge's event of each execution that fails.
        part_handler, finish_handler: what the two functions run.
    """

    def __init__(
        self,
        processes: Processes,
        emulator: Emulator,
        worker: Function,
        failures: Queue,
        *,
        part_handler: str,
        finish_handler: str,
    ) -> None:
        part, finish = environment.of_part(worker.environment), environment.of_finish(worker.environment)
        functions = {
            _PART: replace(worker, handler=part_handler, environment=part),
            _FINISH: replace(worker, handler=finish_handler, environment=finish),
        }
        self._pools = {name: WorkerPool(processes, function) for name, function in functions.items()}
        self._api = InvokeApi(self._pools)
        steps = definition(
            part_function=function_arn(_PART),
            finish_function=function_arn(_FINISH),
            concurrency=worker.concurrency,
        )
        self._machine = StateMachine(emulator, steps, failures)
        self._split_bytes = _split_bytes(worker.environment.get("SPLIT_MEGABYTES") or str(SPLIT_MEGABYTES))
        self._created = False
        self._creating = asyncio.Lock()

    async def prepare(self, event: Any) -> None:
        """Create the state machine, unless the event is S3's and of small objects only."""
        async with self._creating:
            if self._created or _largest(event) <= self._split_bytes:
                return
            await self._api.start()
            urls = {name: self._api.url(name) for name in self._pools}
            await asyncio.to_thread(self._machine.create, urls)
            self._created = True

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
        return self._machine.running() if self._created else 0


def _split_bytes(megabytes: str) -> float:
    """Bytes above which the function has a file read in parts; infinite for 0, which is never."""
    if not megabytes.isdecimal():
        return 0.0  # the function will say that it is wrong
    return float(megabytes) * MEGABYTE or float("inf")


def _largest(event: Any) -> float:
    """Bytes of the largest object of an S3 event; infinite for any other event, which may name any object."""
    try:
        return max(float(record["s3"]["object"]["size"]) for record in event["Records"])
    except (KeyError, TypeError, ValueError):
        return float("inf")
