"""The Lambda entry point: translate, process, raise."""

import functools
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from function.startup import without_collector

with without_collector():
    import asyncio
    import logging

    from function import invocation, wiring
    from function.domain import events
    from function.domain.errors import EventError
    from function.domain.model import Deadline, Document, Upload
    from function.domain.outcome import Outcome
    from function.invocation import Context
    from function.settings import Settings
    from function.wiring import Application

_LOG = logging.getLogger(__name__)
_LOG.setLevel(logging.INFO)
# One loop for the life of the process: connections and locks are bound to the loop that made them.
_RUNNER = asyncio.Runner()


def handler(event: Mapping[str, Any], context: Context) -> list[Document]:
    """Process every upload of an S3 notification.

    Returns:
        For each upload `Outcome.document`, a convenience for whoever calls by hand.

    Raises:
        PipelineError: why one upload, or the whole event, is not done; the other uploads are.
        ExceptionGroup: several of these.
    """
    deadline = invocation.deadline(context)
    return _RUNNER.run(_process(events.parse(event), context.aws_request_id, deadline))


async def _process(uploads: Iterable[Upload | EventError], owner: str, deadline: Deadline) -> list[Document]:
    pipeline = _application().pipeline
    outcomes: list[Outcome] = []
    faults: list[Exception] = []
    for upload in uploads:
        try:
            if isinstance(upload, EventError):
                raise upload
            outcomes.append(await pipeline.process(upload, owner, deadline))
            _LOG.info("processed", extra=outcomes[-1].document())
        except Exception as error:  # one upload's fault must not stop the others; it is raised below
            _LOG.error("not processed", extra={**_named(upload), "reason": repr(error)})
            faults.append(error)
        deadline = replace(deadline, final=False)
    if len(faults) > 1:
        raise ExceptionGroup(f"{len(faults)} of {len(faults) + len(outcomes)} uploads not processed", faults)
    if faults:
        raise faults[0]
    return [outcome.document() for outcome in outcomes]


def _named(upload: Upload | EventError) -> Document:
    if isinstance(upload, EventError):
        return {"key": None, "version_id": None}
    return {"key": upload.key, "version_id": upload.version_id}


@functools.cache
def _application() -> Application:
    with without_collector():
        return wiring.build(Settings.from_env(os.environ), invocation.memory_mb())
