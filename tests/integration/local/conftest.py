from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.stack import Stack


def obedient_stack(**options: Any) -> Stack:
    """A stack whose workers do what an event says; see handlers.py."""
    defaults = {"timeout": 1.0, "retry_delays": (0.1, 0.2)}
    here = str(Path(__file__).parent)
    return Stack(handler="handlers.obey", variables={"PYTHONPATH": here}, **{**defaults, **options})


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """One for all tests of a module, which tell their own events from those of others."""
    with obedient_stack() as running:
        yield running
