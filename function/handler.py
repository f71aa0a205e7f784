"""The Lambda entry point: translate, process, raise."""

import asyncio
import functools
import logging
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from function import events, wiring
from function.errors import EventError
from function.model import Deadline, Document, Outcome, Upload
from function.settings import Settings
from function.wiring import Application

_LOG = logging.getLogger(__name__)
_LOG.setLevel(logging.INFO)
# One loop for the life of the process: connections and locks are bound to the loop that made them.
_RUNNER = asyncio.Runner()
_RESERVE_SECONDS = 10.0  # kept back from the time-out, for recording and telling that time ran out


class Context(Protocol):
    """What is used of Lambda's context object."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the invocation is killed."""


def handler(event: Mapping[str, Any], context: Context) -> Document | list[Document]:
    """Process every upload of an S3 notification, or do what an operator asks.

    Returns:
        For each upload {"key", "version_id", "status", "rows", "doubts", "error_code", "repeated"}, a
        convenience for whoever calls by hand; for an operation, its answer.

    Raises:
        PipelineError: why one upload, or the whole event, is not done; the other uploads are.
        ExceptionGroup: several of these.
    """
    return _RUNNER.run(_handle(event, context))


async def _handle(event: Mapping[str, Any], context: Context) -> Document | list[Document]:
    seconds = context.get_remaining_time_in_millis() / 1000
    deadline = Deadline(time.monotonic() + seconds - min(_RESERVE_SECONDS, seconds / 5))
    if "operation" in event:
        return await _application().operations.run(event, context.aws_request_id, deadline)
    return await _process(events.parse(event), context.aws_request_id, deadline)


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
            _LOG.error("not processed", extra={"upload": str(upload), "reason": repr(error)})
            faults.append(error)
        deadline = replace(deadline, final=False)
    if len(faults) > 1:
        raise ExceptionGroup(f"{len(faults)} of {len(faults) + len(outcomes)} uploads not processed", faults)
    if faults:
        raise faults[0]
    return [outcome.document() for outcome in outcomes]


@functools.cache
def _application() -> Application:
    memory_mb = int(os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "0"))  # Lambda's own variable
    return wiring.build(Settings.from_env(os.environ), memory_mb)
