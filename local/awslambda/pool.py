"""The worker pool: as many workers as Lambda's concurrency would allow."""

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from local.awslambda.runtime_api import Invocation, Response, RuntimeApi
from local.awslambda.worker import Worker
from local.processes.group import Processes


@dataclass(frozen=True, slots=True)
class Function:
    """What Lambda would be configured with.

    Attributes:
        handler: `module.function`.
        environment: all the variables its process gets.
        timeout: seconds that one attempt may take.
        concurrency: how many attempts may run at once.
    """

    handler: str
    environment: Mapping[str, str]
    timeout: float
    concurrency: int


class WorkerPool:
    """Keeps workers warm, replaces dead ones, and lets no more run than the function may have."""

    def __init__(self, processes: Processes, function: Function):
        self._processes = processes
        self._function = function
        self._workers: set[Worker] = set()
        # The last used is the next used, as in Lambda: a second worker starts when the first is busy.
        self._slots: asyncio.LifoQueue[Worker | None] = asyncio.LifoQueue()
        for _ in range(function.concurrency):
            self._slots.put_nowait(None)

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers alive."""
        return [worker.pid for worker in self._workers if worker.alive]

    async def warm(self) -> None:
        """Start the first worker ahead of its first event."""
        self._slots.get_nowait()
        self._slots.put_nowait(await self._launch())

    async def close(self) -> None:
        """Kill every worker."""
        for worker in list(self._workers):
            await self._discard(worker)

    async def invoke(self, invocation: Invocation) -> Response:
        """Run one attempt on a worker of its own, when one is free."""
        worker = await self._slots.get()
        try:
            if worker is not None and not worker.alive:
                await self._discard(worker)
                worker = None
            worker = worker or await self._launch()
            response = await self._run(worker, invocation)
            if response.fatal:
                await self._discard(worker)
                worker = None
            return response
        finally:
            self._slots.put_nowait(worker)

    async def _run(self, worker: Worker, invocation: Invocation) -> Response:
        if not await worker.ready():
            return worker.failure(invocation, "Runtime.ExitError", "Runtime did not come up")
        began = time.monotonic()
        response = await worker.attempt(invocation, self._function.timeout)
        self._report(response, time.monotonic() - began, worker.peak_memory())
        return response

    async def _launch(self) -> Worker:
        api = RuntimeApi()
        await api.start()
        process = self._processes.start(
            [sys.executable, "-m", "awslambdaric", self._function.handler],
            {**self._function.environment, "AWS_LAMBDA_RUNTIME_API": api.address},
        )
        worker = Worker(self._processes, api, process)
        self._workers.add(worker)
        return worker

    async def _discard(self, worker: Worker) -> None:
        self._workers.discard(worker)
        await worker.close()

    def _report(self, response: Response, seconds: float, peak_memory: int | None) -> None:
        """What Lambda's own log says of every attempt, in the words of its JSON format."""
        metrics = {"durationMs": round(seconds * 1000, 2)}
        if peak_memory is not None:
            metrics["maxMemoryUsedMB"] = round(peak_memory / 2**20)
        record = {
            "requestId": response.request_id,
            "status": "failure" if response.failed else "success",
            "metrics": metrics,
        }
        line = {"time": datetime.now(UTC).isoformat(), "type": "platform.report", "record": record}
        with self._processes.log.open("a") as log:
            log.write(json.dumps(line) + "\n")
