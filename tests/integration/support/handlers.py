"""A handler for the workers of these tests: it does what its event says, and keeps a journal."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol


class Context(Protocol):
    aws_request_id: str
    invoked_function_arn: str

    def get_remaining_time_in_millis(self) -> int: ...


def read_journal(directory: str | Path) -> list[dict[str, Any]]:
    """Every attempt so far, in order."""
    return [json.loads(entry.read_text()) for entry in sorted((Path(directory) / "journal").glob("*.json"))]


def write_journal(directory: str | Path, entry: dict[str, Any]) -> None:
    """A file for every attempt, there in whole or not at all: workers write and read side by side."""
    journal = Path(directory) / "journal"
    journal.mkdir(exist_ok=True)
    written = journal / f"{time.time_ns()}-{os.getpid()}"
    written.write_text(json.dumps(entry))
    written.rename(written.with_suffix(".json"))


def obey(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Do what `do` names, at every attempt, or only at the first few if `times` says how many."""
    directory = os.environ["TMPDIR"]
    entry = {"request_id": context.aws_request_id, "pid": os.getpid(), "at": time.time(), "event": event}
    write_journal(directory, entry)
    attempt = sum(each["request_id"] == context.aws_request_id for each in read_journal(directory))
    if attempt <= event.get("times", 1_000):
        ACTIONS[event.get("do", "answer")](event)
    return {
        "attempt": attempt,
        "pid": os.getpid(),
        "environment": dict(os.environ),
        "left_ms": context.get_remaining_time_in_millis(),
        "arn": context.invoked_function_arn,
    }


def fail(event: dict[str, Any]) -> None:
    raise ValueError(event.get("why", "as told"))


def spawn_and_sleep(event: dict[str, Any]) -> None:
    child = subprocess.Popen(["sleep", "60"])
    (Path(os.environ["TMPDIR"]) / "spawned").write_text(str(child.pid))
    time.sleep(event["seconds"])


ACTIONS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "answer": lambda event: None,
    "fail": fail,
    "sleep": lambda event: time.sleep(event["seconds"]),
    "spawn_and_sleep": spawn_and_sleep,
    "die": lambda event: os.kill(os.getpid(), signal.SIGKILL),
    "exit": lambda event: os._exit(3),
}
