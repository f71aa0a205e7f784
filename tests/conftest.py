import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from local.stack import Stack

# a helper that fails says what it compared, as a test does
for part in ("", "e2e.", "hostile.", "infra.", "integration.", "unit."):
    pytest.register_assert_rewrite(f"tests.{part}support")

# A loaded machine fails no test. The same examples each time: a change is judged by what it changes; new examples
# are looked for by HYPOTHESIS=explore, and by `python -m bench.fuzz`.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS", "same"))


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """One embedded stack for all tests that leave it as healthy as they found it."""
    with Stack() as running:
        yield running


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Coroutine tests run on asyncio, as the function does."""
    return "asyncio"
