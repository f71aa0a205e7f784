"""What was in the bucket before the stack was: found by the function, and processed by it at a pace."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from ops.deployed.deployment import Deployment
from ops.deployed.pace import Paced, Tally


@dataclass(slots=True)
class Backfill:
    """The uploads of one prefix, from one time on.

    What is done has a row and is not found again: an interrupted run is taken up by another.

    Attributes:
        deployment: the stack.
        prefix: only keys that begin so.
        since: only versions written at or after this time; ISO 8601.
        found: how many uploads there were so far, with or without a row.
        without_row: how many of these had none.
    """

    deployment: Deployment
    prefix: str
    since: str
    found: int = 0
    without_row: int = 0

    def run(self, at_once: int, show: Callable[[Tally], None]) -> Tally:
        """Process them, up to `at_once` at a time."""
        return Paced(self._do, at_once, show).run(self.uploads())

    def uploads(self) -> Iterator[dict[str, Any]]:
        """Those that have no row, in the order of their keys."""
        position, suffixes = None, self.deployment.suffixes()
        while True:
            page = self.deployment.ask(
                "missing", prefix=self.prefix, since=self.since, suffixes=suffixes, position=position
            )
            self.found += page["found"]
            self.without_row += len(page["uploads"])
            yield from page["uploads"]
            position = page["position"]
            if position is None:
                return

    def _do(self, upload: dict[str, Any]) -> None:
        self.deployment.process(_notification(self.deployment.names.input_bucket, upload))


def _notification(bucket: str, upload: dict[str, Any]) -> dict[str, Any]:
    """What S3 would have sent ("Event message structure", Amazon S3 User Guide)."""
    item = {
        "key": quote_plus(upload["key"], safe="/"),
        "versionId": upload["version_id"],
        "eTag": upload["etag"],
        "size": upload["size"],
    }
    record = {
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "eventTime": upload["uploaded_at"],
        "s3": {"bucket": {"name": bucket}, "object": item},
    }
    return {"Records": [record]}
