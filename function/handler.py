"""The Lambda entry point: translate, process, raise."""

import asyncio
import functools
import logging
import os
import time
from collections.abc import Mapping
from typing import Any, Protocol

from function import events, wiring
from function.model import Outcome
from function.pipeline import Pipeline
from function.settings import Settings

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


def handler(event: Mapping[str, Any], context: Context) -> list[dict[str, Any]]:
    """Process every upload of an S3 notification.

    Returns:
        For each upload {"key", "version_id", "status", "rows", "error_code", "repeated"}: a convenience
        for whoever calls by hand.

    Raises:
        EventError, SettingsError: nothing was done.
        TransientError: a service failed for one upload; for several, an ExceptionGroup. The others are done.
    """
    return _RUNNER.run(_process(event, context))


async def _process(event: Mapping[str, Any], context: Context) -> list[dict[str, Any]]:
    seconds = context.get_remaining_time_in_millis() / 1000
    deadline = time.monotonic() + seconds - min(_RESERVE_SECONDS, seconds / 5)
    outcomes: list[Outcome] = []
    faults: list[Exception] = []
    uploads = events.parse(event)
    pipeline = _pipeline()
    for upload in uploads:
        try:
            outcomes.append(await pipeline.process(upload, context.aws_request_id, deadline))
            _LOG.info("processed", extra=_line(outcomes[-1]))
        except Exception as error:  # one upload's fault must not stop the others; it is raised below
            _LOG.error("not processed", extra={"key": upload.key, "reason": repr(error)})
            faults.append(error)
    if len(faults) > 1:
        raise ExceptionGroup(f"{len(faults)} of {len(faults) + len(outcomes)} uploads not processed", faults)
    if faults:
        raise faults[0]
    return [_line(outcome) for outcome in outcomes]


@functools.cache
def _pipeline() -> Pipeline:
    return wiring.build(Settings.from_env(os.environ))


def _line(outcome: Outcome) -> dict[str, Any]:
    return {
        "key": outcome.obj.key,
        "version_id": outcome.obj.version_id,
        "status": outcome.status,
        "rows": outcome.rows,
        "error_code": outcome.error_code,
        "repeated": outcome.repeated,
    }
