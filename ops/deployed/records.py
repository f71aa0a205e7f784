"""The records in the dead-letter queue: Lambda's of events, and EventBridge's of executions.

References: "Retaining records of asynchronous invocations", AWS Lambda Developer Guide; "Automating Step
Functions event delivery with EventBridge", AWS Step Functions Developer Guide.
"""

import json
from dataclasses import dataclass
from typing import Any

from function.domain.message.text import plain, short

_REASON_CHARACTERS = 500  # a cause has up to 32,768


@dataclass(frozen=True, slots=True)
class Record:
    """What was given up.

    Attributes:
        event: what the worker is to process again; None if the record does not have it.
        execution: which execution ended how, and why; None of an event that the worker gave up.
    """

    event: dict[str, Any] | None
    execution: str | None = None

    @classmethod
    def parse(cls, body: str) -> "Record | None":
        """Read the body of a message; None if it is neither kind of record."""
        match _document(body):
            case {"source": "aws.states", "detail": {"name": _, "status": _} as detail}:
                return cls(_document(detail.get("input")).get("event"), _execution(detail))
            case {"requestPayload": dict(event)} if event:
                return cls(event)
        return None


def _document(text: object) -> dict[str, Any]:
    """The JSON object in a text, empty if it is none. EventBridge leaves out an input that is too large."""
    try:
        found = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _execution(detail: dict[str, Any]) -> str:
    why = ": ".join(str(detail[name]) for name in ("error", "cause") if detail.get(name))
    ended = f"execution {detail['name']} {detail['status']}"
    return plain(short(f"{ended}: {why}" if why else ended, _REASON_CHARACTERS))
