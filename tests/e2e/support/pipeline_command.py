"""The `pipeline` command, as a user types it."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PIPELINE = str(Path(sys.executable).parent / "pipeline")


def pipeline(*arguments: object, seconds: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PIPELINE, *map(str, arguments)], capture_output=True, text=True, timeout=seconds, check=False
    )


@contextmanager
def running(*arguments: object, stderr: Path) -> Iterator[subprocess.Popen[str]]:
    with stderr.open("w") as log:
        command = [PIPELINE, *map(str, arguments)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)


def documents(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def shell(line: str) -> subprocess.CompletedProcess[str]:
    command = ["bash", "-c", line.replace("pipeline", PIPELINE)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
