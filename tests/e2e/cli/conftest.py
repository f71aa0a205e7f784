from collections.abc import Iterator
from pathlib import Path

import pytest

from local.stack import Stack
from tests.support import deployed
from tests.support.deployed import Pipeline
from tests.support.lambda_api import LambdaApi, lambda_api


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A stack of these tests' own, that gives an event up at once: they look at all there is."""
    with Stack(retry_delays=()) as running:
        yield running


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[LambdaApi]:
    with lambda_api(stack) as server:
        yield server


@pytest.fixture
def pipeline(stack: Stack, api: LambdaApi, tmp_path: Path) -> Pipeline:
    return deployed.pipeline(stack, api, tmp_path, deployed.outputs(stack))
