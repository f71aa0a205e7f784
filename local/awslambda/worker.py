"""One worker: a real awslambdaric process."""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

from local.awslambda.runtime_api import Invocation, Response, RuntimeApi
from local.processes.group import Processes, ended

_INIT_SECONDS = 60.0  # Lambda allows 10; a laptop that has never loaded the libraries may need more


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
