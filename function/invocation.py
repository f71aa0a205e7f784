"""What Lambda tells a function about the invocation it is in."""

import os
import time
from typing import Protocol

from function.domain.model import Deadline

_RESERVE_SECONDS = 10.0  # kept back from the time-out, for recording and telling that time ran out


class Context(Protocol):
    """What is used of Lambda's context object."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the invocation is killed."""


def deadline(context: Context) -> Deadline:
    """When to stop working, so that there is time left to say so."""
    seconds = context.get_remaining_time_in_millis() / 1000
    return Deadline(time.monotonic() + seconds - min(_RESERVE_SECONDS, seconds / 5))


def memory_mb() -> int:
    """Megabytes at which Lambda kills the process; 0 where nobody does."""
    return int(os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "0"))
