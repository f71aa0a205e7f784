"""What the people on the notification topic would have been mailed."""

import threading
from typing import Any

from local.aws.queues import Queue


class Inbox:
    """Keeps every notification that reached its queue; safe to share between threads."""

    def __init__(self, queue: Queue):
        self._queue = queue
        self._kept: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def messages(self) -> list[dict[str, Any]]:
        """Every notification so far, oldest first, as `{"subject", "message", "attributes"}`."""
        with self._lock:
            for message in self._queue.drain():
                self._kept.append(_notification(message.body))
                self._queue.delete(message)
            return list(self._kept)


def _notification(envelope: dict[str, Any]) -> dict[str, Any]:
    """What SNS hands to a queue, without the packaging."""
    attributes = envelope.get("MessageAttributes", {})
    return {
        "subject": envelope.get("Subject"),
        "message": envelope["Message"],
        "attributes": {name: attribute["Value"] for name, attribute in attributes.items()},
    }
