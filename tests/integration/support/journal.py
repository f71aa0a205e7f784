"""What the workers of a stack that does as it is told have done."""

import json
import uuid
from typing import Any

from local.stack import Stack
from tests.integration.support.handlers import read_journal


def tagged(**event: Any) -> dict[str, Any]:
    """An event that its test can tell from all others."""
    return {"tag": str(uuid.uuid4()), **event}


def attempts(stack: Stack, event: Any) -> list[dict[str, Any]]:
    return [entry for entry in read_journal(stack.directory) if entry["event"] == event]


def dead_letters(stack: Stack, event: Any) -> list[dict[str, Any]]:
    return [dead_letter for dead_letter in stack.dead_letters() if dead_letter["requestPayload"] == event]


def log_lines(stack: Stack) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stack.log.read_text().splitlines() if line.startswith("{")]
