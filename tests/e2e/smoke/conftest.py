from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from local.stack import Stack
from tests.e2e.support.smoke import INPUT, KEPT, OUTPUT, Smoke, erase
from tests.support import deployed, uploads
from tests.support.lambda_api import lambda_api
from tests.support.s3_proxy import S3Proxy, s3_proxy

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A stack of these tests' own, that gives an event up at once."""
    with Stack(retry_delays=()) as running:
        yield running


@pytest.fixture(scope="module")
def s3(stack: Stack) -> "S3Client":
    return stack.client("s3")


@pytest.fixture
def proxy(stack: Stack) -> Iterator[S3Proxy]:
    """What the command takes for S3; the function has the true one."""
    with s3_proxy(stack.environment["AWS_ENDPOINT_URL"]) as server:
        yield server


@pytest.fixture
def smoke(stack: Stack, proxy: S3Proxy, tmp_path: Path) -> Iterator[Smoke]:
    with lambda_api(stack) as api:
        pipeline = deployed.pipeline(stack, api, tmp_path, deployed.outputs(stack))
        yield lambda *more: pipeline("smoke", *more, AWS_ENDPOINT_URL_S3=proxy.url)
    stack.settle()
    for bucket in (INPUT, OUTPUT, KEPT):
        erase(stack, bucket)
    uploads.query(stack, "DELETE FROM file_metadata WHERE filename LIKE 'smoke/%'")
