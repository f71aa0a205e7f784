"""An embedded stack whose workers do what an event says."""

from pathlib import Path
from typing import Any

from local.stack import Stack


def obedient_stack(**options: Any) -> Stack:
    """A stack whose workers do what an event says; see handlers.py."""
    defaults = {"timeout": 1.0, "retry_delays": (0.1, 0.2)}
    variables = {"PYTHONPATH": str(Path(__file__).parent), **options.pop("variables", {})}
    return Stack(handler="handlers.obey", variables=variables, **{**defaults, **options})


def stepping_stack(**options: Any) -> Stack:
    """A stack whose state machine does what the name of an execution says; see steps.py."""
    return obedient_stack(part_handler="steps.part", finish_handler="steps.finish", **options)
