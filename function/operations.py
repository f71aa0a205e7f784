"""What an operator, or the schedule, asks of the operators' function: {"operation": name, ...}.

The database is out of everybody's reach but the functions', so these words are the way to it.
"""

import dataclasses
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from function.aws.inventory import Inventory
from function.domain import keys
from function.domain.errors import EventError, TransientError
from function.domain.model import Deadline, Document, Effect
from function.pipeline.process import Pipeline
from function.pipeline.reconcile import PAGE, PASSES, Passes, ReconcileReport, Request
from function.postgres.register import Register
from function.postgres.versions import Versions

_LOG = logging.getLogger(__name__)
_LOG.setLevel(logging.INFO)  # a metric, and the alarm on its silence, are drawn from its lines
T = TypeVar("T")
_HISTORY_ROWS = 100
_MOST = 1_000_000
_OPERATIONS = ("reconcile", "missing", "replay", "history", "versions", "status", "forget")


@dataclass(frozen=True, slots=True)
class Operations:
    """Carries out an operation with the same parts as an event is processed with."""

    pipeline: Pipeline
    register: Register
    inventory: Inventory
    versions: Versions

    async def run(self, event: Mapping[str, Any], owner: str, deadline: Deadline) -> Document:
        """Do what the event asks, and answer.

        Args:
            event: `operation` and its words; see docs/operations.md.
            owner: the invocation's request id.
            deadline: when to stop.

        Raises:
            EventError: the operation is unknown, or one of its words is missing or wrong.
            PipelineError: a service failed; or a scheduled reconciliation could not finish a file.
        """
        match _word(event, "operation", str):
            case "reconcile":
                return await self._reconcile(event, owner, deadline)
            case "missing":
                return await self._missing(Request.parse(event))
            case "replay":
                return await self._replay(event, owner, deadline)
            case "history" | "versions" as what:
                return {"rows": await self._rows(what, event)}
            case "status":
                since = timedelta(hours=_count(event, "hours", 24))
                return await self.register.status(_word(event, "bucket", str), since)
            case "forget":
                return await self._forget(_word(event, "bucket", str), _word(event, "key", str))
            case other:
                raise EventError(f"unknown operation {other!r}: it is one of {', '.join(_OPERATIONS)}")

    async def _rows(self, what: str, event: Mapping[str, Any]) -> list[Document]:
        bucket, limit = _word(event, "bucket", str), _count(event, "limit", _HISTORY_ROWS)
        if what == "history":
            return await self.register.history(bucket, _word(event, "prefix", str, ""), limit)
        return await self.versions.of(bucket, keys.original(_word(event, "key", str)), limit)

    async def _reconcile(self, event: Mapping[str, Any], owner: str, deadline: Deadline) -> Document:
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
            process=lambda upload, until: self.pipeline.process(upload, owner, until),
            request=request,
            deadline=deadline,
        )
        findings = await passes.run()
        answer = dataclasses.asdict(findings)
        _LOG.info("reconciled", extra={"scheduled": scheduled, "findings": answer})
        if scheduled:
            await self.register.keep_position(request.bucket, findings.position)
            _raise_if_stuck(findings)
        return answer

    async def _missing(self, request: Request) -> Document:
        """A page of the uploads without a row, and where the next page begins; None at the end."""
        after = request.position and request.position["after"]
        page, following = await self.inventory.versions(request.bucket, request.prefix, after, PAGE)
        due = [upload for upload in page if request.includes(upload)]
        identities = [(upload.key, upload.version_id or "null") for upload in due]
        known = await self.register.known(request.bucket, identities)
        missing = [upload for upload, identity in zip(due, identities, strict=True) if identity not in known]
        return {
            "found": len(due),
            "uploads": [
                {**dataclasses.asdict(upload), "uploaded_at": upload.uploaded_at.isoformat()}
                for upload in missing
            ],
            "position": following and {"pass": PASSES[0], "after": following},
        }

    async def _replay(self, event: Mapping[str, Any], owner: str, deadline: Deadline) -> Document:
        """Read a version anew. What is there is looked at first: a verdict is not given up for nothing.

        The key is as `history` shows it: nobody can type a NUL.
        """
        bucket, key = _word(event, "bucket", str), keys.original(_word(event, "key", str))
        found = await self.inventory.find(bucket, key, _word(event, "version_id", str, "") or None)
        if found is None:
            raise EventError(f"replay: s3://{bucket}/{key} is not there, or not in that version")
        # without a free row it was never seen, or is being processed: the claim decides
        upload = await self.register.replay(found) or found
        outcome = await self.pipeline.process(upload, owner, deadline)
        return outcome.document()

    async def _forget(self, bucket: str, key: str) -> Document:
        """Remove the rows of a smoke test's file."""
        forgotten, refused = await self.register.forget(bucket, key)
        if refused:
            raise EventError(f"forget: s3://{bucket}/{key}: {refused}")
        return {"forgotten": forgotten}


def _word(event: Mapping[str, Any], name: str, kind: type[T], default: T | None = None) -> T:
    """A word of an operation, of the kind it must be; an EventError if it is not."""
    value = event.get(name)
    if value is None:
        value = default
    if not isinstance(value, kind):
        wrong = "is missing" if value is None else f"is {value!r}, not {kind.__name__}"
        raise EventError(f"{event.get('operation', 'the event')}: {name} {wrong}")
    return value


def _count(event: Mapping[str, Any], name: str, default: int) -> int:
    """A word that is a number of things or hours; an EventError beyond what anybody can mean."""
    value = _word(event, name, int, default)
    if not 1 <= value <= _MOST:
        raise EventError(f"{event['operation']}: {name} is {value}, not 1 to {_MOST:,}")
    return value


def _raise_if_stuck(findings: ReconcileReport) -> None:
    """Nobody reads the answer to a schedule: what it cannot correct must reach the alarm."""
    if findings.stuck:
        raise TransientError(f"reconcile: {findings.stuck} stuck, among them {findings.samples['stuck'][0]}")
