"""The worker pool: real awslambdaric processes, as many as Lambda's concurrency would allow."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.processes import Processes, ended
from local.runtime import Invocation, Response, RuntimeApi

_INIT_SECONDS = 60.0  # Lambda allows 10; a laptop that has never loaded the libraries may need more


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


class Worker:
    """One process of the runtime and the Runtime API it lives by, until it dies or is killed."""

    def __init__(self, processes: Processes, api: RuntimeApi, process: "subprocess.Popen[bytes]"):
        self._processes = processes
        self._api = api
        self._process = process
        self._end = asyncio.create_task(ended(process))

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can take another invocation."""
        return not self._end.done()

    async def ready(self) -> bool:
        """Whether it has loaded the handler; false if it died of that, or took too long."""
        return await self._wait(self._api.idle.wait(), _INIT_SECONDS)

    async def attempt(self, invocation: Invocation, seconds: float) -> Response:
        """Run the handler once. A worker whose response is fatal is good for nothing more than `close`."""
        answer = self._api.submit(invocation, seconds)
        if await self._wait(answer, seconds):
            return answer.result()
        if self.alive:
            return self.failure(invocation, "Sandbox.Timedout", f"Task timed out after {seconds:.2f} seconds")
        return self.failure(invocation, "Runtime.ExitError", "Runtime exited before completing request")

    async def _wait(self, condition: Awaitable[Any], seconds: float) -> bool:
        """Whether the condition came true before the process ended and the time was over."""
        task = asyncio.ensure_future(condition)
        try:
            await asyncio.wait({task, self._end}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            return task.done()
        finally:
            task.cancel()

    def failure(self, invocation: Invocation, kind: str, message: str) -> Response:
        """What Lambda says of an attempt that the handler did not answer for itself."""
        error = {"errorType": kind, "errorMessage": f"RequestId: {invocation.request_id} Error: {message}"}
        return Response(invocation.request_id, self._api.init_error or error, failed=True, fatal=True)

    def peak_memory(self) -> int | None:
        """The most memory it has held, in bytes; unknown once it is dead."""
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
        return None

    async def close(self) -> None:
        """Kill it, with whatever it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        await self._end
        self._processes.reap(self._process)
        await self._api.close()


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
