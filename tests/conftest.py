from collections.abc import Iterator

import pytest

from local.stack import Stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """One embedded stack for all tests that leave it as healthy as they found it."""
    with Stack() as running:
        yield running


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Coroutine tests run on asyncio, as the function does."""
    return "asyncio"
