"""The handlers of the three functions that a large file meets, every step of which is announced."""

import dataclasses
import functools
import os
from typing import Any, cast

from botocore.config import Config

from function import finish_handler, part_handler
from function import handler as entry
from function.aws import clients
from function.invocation import Context
from function.pipeline.ports import FanOut, Split
from function.wiring import Application
from tests.faults.harness.worker import CONTROL, Announced, announce

FINISH = "finish: "
if CONTROL in os.environ:  # several workers at once share what the machine has: one second is too short
    clients.CLIENT = clients.CLIENT.merge(Config(connect_timeout=3, read_timeout=3))
_make_worker = entry._application
_make_finish = finish_handler._application


class BusyError(Exception):
    """Stands for Lambda's TooManyRequestsException: no worker took the part."""


@functools.cache
def _worker() -> Application:
    built = _make_worker()
    split = built.pipeline.split
    assert split
    fan_out = cast("FanOut", Announced(split.fan_out()))
    announced = Split(split.above, split.part_megabytes, lambda: fan_out)
    claims = cast("Any", Announced(built.pipeline.claims))
    return dataclasses.replace(
        built, pipeline=dataclasses.replace(built.pipeline, claims=claims, split=announced)
    )


@functools.cache
def _finish() -> Application:
    built = _make_finish()
    claims = cast("Any", Announced(built.pipeline.claims, FINISH))
    return dataclasses.replace(built, pipeline=dataclasses.replace(built.pipeline, claims=claims))


def take(event: dict[str, Any], context: Context) -> Any:
    """`function.handler.handler`."""
    entry._application = _worker
    announce("begin")
    return entry.handler(event, context)


def part(event: dict[str, str], context: Context) -> Any:
    """`function.part_handler.handler`."""
    _, number, *known = event["item"].split("/")
    step = f"part {number}{' again' if known else ''}"
    if announce(f"before {step}") == "busy":
        raise BusyError
    answer = part_handler.handler(event, context)
    announce(f"after {step}")
    return answer


def finish(event: dict[str, Any], context: Context) -> Any:
    """`function.finish_handler.handler`."""
    finish_handler._application = _finish
    announce(f"before {event['operation']}")
    answer = finish_handler.handler(event, context)
    announce(f"after {event['operation']}")
    return answer
