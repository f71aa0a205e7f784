"""What an operator, or the schedule, asks of the function: {"operation": name, ...}.

The database is out of everybody's reach but the function's, so these words are the way to it.
"""

import dataclasses
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from function.errors import EventError, TransientError
from function.inventory import Inventory
from function.model import Document, Effect, Upload
from function.pipeline import Pipeline
from function.reconcile import Findings, Passes, Request
from function.register import Register

_LOG = logging.getLogger(__name__)
_HISTORY_ROWS = 100


@dataclass(frozen=True, slots=True)
class Operations:
    """Carries out an operation with the same parts as an event is processed with."""

    pipeline: Pipeline
    register: Register
    inventory: Inventory

    async def run(self, event: Mapping[str, Any], owner: str, deadline: float) -> Document:
        """Do what the event asks, and answer.

        Args:
            event: `operation` and its words; see docs/operations.md.
            owner: the invocation's request id.
            deadline: when to stop, on the clock of `time.monotonic`.

        Raises:
            EventError: the operation is unknown, or one of its words is missing or wrong.
            TransientError: a service failed; or a scheduled reconciliation could not bring a file home.
        """
        name = event["operation"]
        try:
            match name:
                case "reconcile":
                    return await self._reconcile(event, owner, deadline)
                case "replay":
                    return await self._replay(event, owner, deadline)
                case "history":
                    limit = min(int(event.get("limit", _HISTORY_ROWS)), _HISTORY_ROWS)
                    return {
                        "rows": await self.register.history(event["bucket"], event.get("prefix", ""), limit)
                    }
                case "status":
                    return await self.register.status(
                        event["bucket"], timedelta(hours=event.get("hours", 24))
                    )
        except KeyError as error:
            raise EventError(f"{name}: {error} is missing") from None
        raise EventError(f"unknown operation {name!r}: it is one of reconcile, replay, history, status")

    async def _reconcile(self, event: Mapping[str, Any], owner: str, deadline: float) -> Document:
        request = Request.parse(event)
        scheduled = bool(event.get("resume"))
        if scheduled:
            request = dataclasses.replace(request, position=await self.register.position(request.bucket))
        to = self.pipeline.destinations
        passes = Passes(
            inventory=self.inventory,
            register=self.register,
            places={
                Effect.RESULT: (to.output_bucket, "results/"),
                Effect.BACKUP: (to.backup_bucket, "backup/"),
            },
            process=lambda upload: self.pipeline.process(upload, owner, deadline),
            request=request,
            deadline=deadline,
        )
        findings = await passes.run()
        answer = dataclasses.asdict(findings)
        _LOG.info("reconciled", extra={"findings": answer})
        if scheduled:
            await self.register.keep_position(request.bucket, findings.position)
            _raise_if_stuck(findings)
        return answer

    async def _replay(self, event: Mapping[str, Any], owner: str, deadline: float) -> Document:
        bucket, key, version_id = event["bucket"], event["key"], event.get("version_id")
        upload = await self.register.replay(bucket, key, version_id)
        if upload is None:  # never seen, or in hand just now: the claim will tell
            upload = Upload(bucket, key, version_id, "", 0, datetime.now(UTC))
        outcome = await self.pipeline.process(upload, owner, deadline)
        return outcome.document()


def _raise_if_stuck(findings: Findings) -> None:
    """Nobody reads the answer to a schedule: what it cannot mend must reach the alarm."""
    if findings.stuck:
        raise TransientError(f"reconcile: {findings.stuck} stuck, among them {findings.samples['stuck'][0]}")
