from collections.abc import Iterator

import pytest
from hypothesis import settings

from local.stack import Stack

settings.register_profile("untimed", settings(), deadline=None)  # a loaded machine fails no test
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """One embedded stack for all tests that leave it as healthy as they found it."""
    with Stack() as running:
        yield running


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Coroutine tests run on asyncio, as the function does."""
    return "asyncio"
