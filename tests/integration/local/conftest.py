from collections.abc import Iterator

import pytest

from local.stack import Stack
from tests.integration.support.stacks import obedient_stack


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """One for all tests of a module, which tell their own events from those of others."""
    with obedient_stack() as running:
        yield running
