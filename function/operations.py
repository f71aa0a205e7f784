"""What an operator, or the schedule, asks of the operators' function: {"operation": name, ...}.

The database is out of everybody's reach but the functions', so these words are the way to it.
"""

import dataclasses
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from function.aws.inventory import Inventory
from function.domain import keys
from function.domain.errors import EventError, TransientError
from function.domain.model import Deadline, Document, Effect
from function.pipeline import contracts
from function.pipeline.late import Announcer, Late, document
from function.pipeline.operation_words import count, word
from function.pipeline.process import Pipeline
from function.pipeline.reconcile import PAGE, PASSES, Passes, ReconcileReport, Request
from function.postgres.contracts import Contracts
from function.postgres.register import Register
from function.postgres.series import SeriesRegister
from function.postgres.versions import Versions

_LOG = logging.getLogger(__name__)
_LOG.setLevel(logging.INFO)  # a metric, and the alarm on its silence, are drawn from its lines
_HISTORY_ROWS = 100


@dataclass(frozen=True, slots=True)
class Operations:
    """Carries out an operation with the same parts as an event is processed with."""

    pipeline: Pipeline
    register: Register
    inventory: Inventory
    contracts: Contracts
    series: SeriesRegister
    announcer: Announcer
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
        name = word(event, "operation", str)
        if name in contracts.OPERATIONS:
            return await contracts.run(name, event, self.contracts)
        steps: dict[str, Callable[[], Awaitable[Document]]] = {
            "reconcile": lambda: self._reconcile(event, owner, deadline),
            "missing": lambda: self._missing(Request.parse(event)),
            "replay": lambda: self._replay(event, owner, deadline),
            "history": lambda: self._history(event),
            "versions": lambda: self._versions(event),
            "status": lambda: self._status(event),
            "late": lambda: self._report_late(event, deadline),
            "forget": lambda: self._forget(word(event, "bucket", str), word(event, "key", str)),
        }
        if name not in steps:
            known = ", ".join([*steps, *contracts.OPERATIONS])
            raise EventError(f"unknown operation {name!r}: it is one of {known}")
        return await steps[name]()

    async def _history(self, event: Mapping[str, Any]) -> Document:
        prefix, limit = word(event, "prefix", str, ""), count(event, "limit", _HISTORY_ROWS)
        return {"rows": await self.register.history(word(event, "bucket", str), prefix, limit)}

    async def _status(self, event: Mapping[str, Any]) -> Document:
        since = timedelta(hours=count(event, "hours", 24))
        return await self.register.status(word(event, "bucket", str), since)

    async def _report_late(self, event: Mapping[str, Any], deadline: Deadline) -> Document:
        late = self._late(word(event, "bucket", str), deadline)
        return {"overdue": [document(each) for each in await late.find()]}

    async def _versions(self, event: Mapping[str, Any]) -> Document:
        bucket, key = word(event, "bucket", str), keys.original(word(event, "key", str))
        return {"rows": await self.versions.of(bucket, key, count(event, "limit", _HISTORY_ROWS))}

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
            progress=self.pipeline.progress,
            request=request,
            deadline=deadline,
        )
        findings = await passes.run()
        answer = dataclasses.asdict(findings)
        _LOG.info("reconciled", extra={"scheduled": scheduled, "findings": answer})
        if scheduled:
            await self.register.keep_position(request.bucket, findings.position)
            await self._watch(request.bucket, deadline)
            _raise_if_stuck(findings)
        return answer

    async def _watch(self, bucket: str, deadline: Deadline) -> None:
        """Tell of series that are overdue, and log what metrics are drawn from; nothing once time is up."""
        if time.monotonic() >= deadline.at:
            return
        late = self._late(bucket, deadline)
        found = await late.find()
        told = await late.tell(found, self.announcer)
        oldest = (await self.register.status(bucket, timedelta(hours=1)))["oldest_unfinished"]
        age = datetime.now(UTC) - datetime.fromisoformat(oldest) if oldest else timedelta(0)
        seen = {"series_overdue": len(found), "told": told, "oldest_unfinished_seconds": age.total_seconds()}
        _LOG.info("watched", extra=seen)

    def _late(self, bucket: str, deadline: Deadline) -> Late:
        return Late(bucket, self.series, deadline)

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
        """Process a version again. Its verdict is discarded only if the version still exists.

        The key is as `history` shows it, because a NUL cannot be typed.
        """
        bucket, key = word(event, "bucket", str), keys.original(word(event, "key", str))
        found = await self.inventory.find(bucket, key, word(event, "version_id", str, "") or None)
        if found is None:
            raise EventError(f"replay: s3://{bucket}/{key} does not exist, or not in that version")
        # without a free row it is new, or being processed: the claim decides
        upload = await self.register.replay(found) or found
        outcome = await self.pipeline.process(upload, owner, deadline)
        return outcome.document()

    async def _forget(self, bucket: str, key: str) -> Document:
        """Remove the rows of a smoke test's file."""
        forgotten, refused = await self.register.forget(bucket, key)
        if refused:
            raise EventError(f"forget: s3://{bucket}/{key}: {refused}")
        return {"forgotten": forgotten}


def _raise_if_stuck(findings: ReconcileReport) -> None:
    """Nobody reads the response to a schedule: a stuck file must raise the alarm."""
    if findings.stuck:
        raise TransientError(
            f"reconcile: {findings.stuck} stuck files, among them {findings.samples['stuck'][0]}"
        )
