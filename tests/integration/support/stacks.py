"""An embedded stack whose workers do what an event says."""

from pathlib import Path
from typing import Any

from local.stack import Stack


def obedient_stack(**options: Any) -> Stack:
    """A stack whose workers do what an event says; see handlers.py."""
    defaults = {"timeout": 1.0, "retry_delays": (0.1, 0.2)}
    here = str(Path(__file__).parent)
    return Stack(handler="handlers.obey", variables={"PYTHONPATH": here}, **{**defaults, **options})
