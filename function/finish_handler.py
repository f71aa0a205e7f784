"""The Lambda entry point that merges the parts of a large object, and finishes it: translate, do, answer."""

import asyncio
import functools
import logging
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from function import invocation, wiring
from function.aws.fanout.merged_source import MergedSource
from function.aws.fanout.merging import merge_parts
from function.aws.fanout.work import Work
from function.domain.errors import EventError
from function.domain.model import Deadline, Document
from function.invocation import Context
from function.pipeline.operation_words import word
from function.settings import Settings
from function.wiring import Application

_LOG = logging.getLogger(__name__)
_LOG.setLevel(logging.INFO)
_RUNNER = asyncio.Runner()  # one loop for the life of the process, as in `handler`


def handler(event: Mapping[str, Any], context: Context) -> Document:
    """Do one step of an execution.

    Args:
        event: {"operation": "merge", "name": execution, "round": number, from 1} or
            {"operation": "finish", "name": execution, "sequential": whether the object is read in one piece}.
        context: of the invocation.

    Returns:
        Of a merge {"state": "merged"}, {"state": "redo", "items": [item, ...]} or {"state": "sequential"}; of
        a finish `Outcome.document`.

    Raises:
        PipelineError: the step is not done; the state machine tries it again.
    """
    name = word(event, "name", str)
    match word(event, "operation", str):
        case "merge":
            return _merge(name, word(event, "round", int))
        case "finish":
            sequential = word(event, "sequential", bool, default=False)
            return _RUNNER.run(_finish(name, sequential, invocation.deadline(context)))
        case other:
            raise EventError(f"unknown operation {other!r}: it is merge or finish")


def _merge(name: str, number: int) -> Document:
    answer, reason = merge_parts(_work(), name, number)
    again = len(answer.get("items", []))
    told = {"execution": name, "round": number, "state": answer["state"], "again": again, "reason": reason}
    _LOG.info("merged", extra=told)
    return answer


async def _finish(name: str, sequential: bool, deadline: Deadline) -> Document:
    """Process the object as an event does; the execution is the owner, so that each retry resumes."""
    pipeline, work = replace(_application().pipeline, of_execution=True), _work()
    if not sequential:
        pipeline = replace(pipeline, source=MergedSource(pipeline.source, work, name))
    obj = await asyncio.to_thread(lambda: work.plan(name).obj)
    outcome = replace(await pipeline.process(obj, name, deadline), execution=name)
    _LOG.info("processed", extra=outcome.document())
    return outcome.document()


def _work() -> Work:
    parts = _application()
    return Work(parts.s3, parts.pipeline.destinations.output_bucket)


@functools.cache
def _application() -> Application:
    return wiring.build(Settings.from_env(os.environ), invocation.memory_mb())
