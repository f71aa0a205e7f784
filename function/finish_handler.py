"""The Lambda entry point that merges the parts of a large object, and finishes it: translate, do, answer."""

import asyncio
import functools
import logging
import os
from collections.abc import Mapping
from typing import Any

from function import invocation, wiring
from function.aws.fanout.merging import merge
from function.aws.fanout.work import Work
from function.domain.errors import EventError
from function.domain.model import Document
from function.invocation import Context
from function.pipeline.operation_words import count, word
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
    raise NotImplementedError
