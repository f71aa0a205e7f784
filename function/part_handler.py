"""The Lambda entry point that reads one part of a large object: translate, read, answer."""

import functools
import logging
import os
from collections.abc import Mapping
from typing import Any

from function.startup import without_collector

with without_collector():
    from function import invocation, settings
    from function.aws.fanout.parts import Parts, connect
    from function.domain.fanout import Item
    from function.domain.model import Document
    from function.invocation import Context

_LOG = logging.getLogger(__name__)
_LOG.setLevel(logging.INFO)


def handler(event: Mapping[str, Any], context: Context) -> Document:
    """Read one part, and leave what was found in the output bucket.

    Args:
        event: {"item": `name/part` or `name/part/known`, see `fanout.Item`}.
        context: of the invocation.

    Returns:
        Nothing, as the answers of all parts together would exceed what an execution can hold.

    Raises:
        PipelineError: the part was not read; the state machine tries it again.
    """
    item = Item.parse(event.get("item"))
    report = _parts().read(item, invocation.deadline(context))
    _LOG.info("read", extra={"execution": item.name, "part": item.part, **report})
    return {}


@functools.cache
def _parts() -> Parts:
    with without_collector():
        return connect(settings.output_bucket(os.environ), invocation.memory_mb())
