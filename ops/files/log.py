"""What the worker's log says of one file."""

import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from ops.deployed.deployment import Deployment

Line = dict[str, Any]
_PAUSE = 2.0


def lines(deployment: Deployment, key: str, since: datetime, *, follow: bool) -> Iterator[Line]:
    """The lines about a key, oldest first, as the function wrote them, with `time` (ms since 1970).

    Args:
        deployment: whose log.
        key: the object's key.
        since: the first time of interest.
        follow: go on with what comes, for ever.
    """
    logs = deployment.session.client("logs")
    start, seen = int(since.timestamp() * 1000), set[str]()
    while True:
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=deployment.names.log_group,
            startTime=start,
            filterPattern=f"{{ $.key = {json.dumps(key, ensure_ascii=False)} }}",
        )
        for page in pages:
            for event in page["events"]:
                if event["eventId"] not in seen:
                    seen.add(event["eventId"])
                    yield {"time": event["timestamp"], **json.loads(event["message"])}
        if not follow:
            return
        time.sleep(_PAUSE)


def ago(text: str) -> timedelta:
    """`90s`, `15m`, `6h` or `7d` as a length of time.

    Raises:
        ValueError: it is none of these.
    """
    units = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
    if not text[:-1].isdecimal() or text[-1:] not in units:
        raise ValueError(f"{text!r} is not a number with s, m, h or d behind it, as 15m")
    return timedelta(**{units[text[-1]]: int(text[:-1])})
