"""Handlers for the two functions of the state machine: they do what the name of the execution says.

An execution is named `do-times-tag`: what its parts, or its last step, do at their first so many attempts.
"""

import os
from pathlib import Path
from typing import Any

from handlers import ACTIONS, Context, write_journal  # type: ignore[import-not-found] # as a worker finds it


def part(event: dict[str, str], context: Context) -> dict[str, Any]:
    """Read a part; the second one does what the execution says."""
    attempt = _note(event, context)
    do, times, _ = event["item"].split("-")
    if event["item"].split("/")[1] == "1" and attempt <= int(times) and do != "redo":
        ACTIONS[do]({"seconds": 60})
    return {}


def finish(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Merge: the first time with parts to read again, if the execution says so; or finish."""
    _note(event, context)
    if event["operation"] == "merge" and event["name"].startswith("redo") and event["round"] == 1:
        return {"state": "redo", "items": [f"{event['name']}/1/known", f"{event['name']}/2/known"]}
    return {"state": "merged"}


def _note(event: Any, context: Context) -> int:
    """Keep a journal; the number of this attempt at the event."""
    directory = Path(os.environ["TMPDIR"])
    tried = directory / f"tried-{event}".replace("/", "-")
    with tried.open("a") as file:
        file.write("x")
    entry = {"request_id": context.aws_request_id, "pid": os.getpid(), "event": event}
    write_journal(directory, entry | {"names": list(os.environ)})
    return tried.stat().st_size
