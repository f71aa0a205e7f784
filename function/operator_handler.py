"""The Lambda entry point of operators and of the schedule: translate, do, answer."""

import asyncio
import functools
import logging
import os
from collections.abc import Mapping
from typing import Any

from function import invocation, wiring
from function.aws.inventory import Inventory
from function.domain.errors import EventError
from function.domain.model import Document
from function.invocation import Context
from function.operations import Operations
from function.postgres.contracts import Contracts
from function.postgres.register import Register
from function.postgres.series import SeriesRegister
from function.postgres.versions import Versions
from function.settings import Settings
from function.wiring import Application

_LOG = logging.getLogger(__name__)
_LOG.setLevel(logging.INFO)
_RUNNER = asyncio.Runner()  # one loop for the life of the process, as in `handler`


def handler(event: Mapping[str, Any], context: Context) -> Document:
    """Do one operation: {"operation": name, ...}.

    Returns:
        The operation's answer. {"error": message} where whoever asked is mistaken (an unknown operation or
        key, a wrong value): no fault of the function, so no failed invocation and no alarm.

    Raises:
        PipelineError: a service failed, or a scheduled reconciliation could not finish a file.
    """
    return _RUNNER.run(_run(event, context))


async def _run(event: Any, context: Context) -> Document:
    try:
        if not isinstance(event, Mapping):
            raise EventError(f"the event is {event!r}, not an object with an operation")
        return await _operations().run(event, context.aws_request_id, invocation.deadline(context))
    except EventError as error:
        _LOG.warning("refused", extra={"reason": str(error)})
        return {"error": str(error)}


@functools.cache
def _operations() -> Operations:
    return compose(wiring.build(Settings.from_env(os.environ), invocation.memory_mb()))


def compose(parts: Application) -> Operations:
    """Put together here and not in `wiring`, so that the worker does not load what only operators need."""
    database = parts.database
    return Operations(
        parts.pipeline,
        Register(database),
        Inventory(parts.s3),
        Contracts(database),
        SeriesRegister(database),
        parts.delivery,
        Versions(database),
    )
