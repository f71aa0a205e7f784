"""One execution environment: a process that imports a handler and calls it with each event it is sent.

    python -m bench.handlers.environment function.handler

Reads events from standard input, one JSON document a line, and answers each with a line: seconds of CPU and of
wall time, and the most memory held so far in MB. The first answer has the imports in it.
"""

import importlib
import json
import os
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Context:
    """What the handlers use of Lambda's context object."""

    function_name: str = "csv-pipeline"
    memory_limit_in_mb: int = 1769
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:000000000000:function:csv-pipeline"
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def get_remaining_time_in_millis(self) -> int:
        """A quarter of an hour."""
        return 900_000


def peak_mb() -> float:
    """The most memory this program has held; `ru_maxrss` would count what its parent held when it started it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise OSError("the kernel does not say how much memory was held")


def serve(module: str) -> None:
    """Answer events until there are no more."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # where the handlers' logs go
    handler = None
    for line in sys.stdin:
        event = json.loads(line)
        cpu, wall = time.process_time(), time.perf_counter()
        handler = handler or importlib.import_module(module).handler
        handler(event, Context())
        sample = {
            "cpu": time.process_time() - cpu,
            "wall": time.perf_counter() - wall,
            "peak_mb": peak_mb(),
        }
        print(json.dumps(sample), file=answers, flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
