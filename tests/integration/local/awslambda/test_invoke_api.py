"""Functions invoked over HTTP, as the emulator's Lambda does it."""

import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from local.awslambda.invoke_api import InvokeApi
from local.awslambda.pool import Function, WorkerPool
from local.loop import LoopThread
from local.processes.group import Processes
from tests.integration.support import handlers


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where a function is invoked that does as it is told."""
    with LoopThread() as loop, Processes() as processes:
        variables = {
            "PYTHONPATH": str(handlers.__file__).removesuffix("/handlers.py"),
            "TMPDIR": str(processes.directory),
        }
        pool = WorkerPool(processes, Function("handlers.obey", variables, 1.0, 2))
        api = InvokeApi({"obey": pool})
        loop.run(api.start())
        yield api.url("obey")
        loop.run(api.close())
        loop.run(pool.close())


def post(url: str, event: bytes) -> tuple[int, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc)
    try:
        connection.request("POST", parts.path, event)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_the_answer_is_that_of_the_handler(url: str) -> None:
    status, answer = post(url, b"{}")
    assert status == 200
    assert b'"attempt": 1' in answer


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (b'{"do": "fail", "why": "no luck"}', b'{"errorType": "ValueError", "errorMessage": "no luck"}'),
        (b'{"do": "sleep", "seconds": 9}', b"Task timed out after 1.00 seconds"),
        (b'{"do": "die"}', b"Runtime exited before completing request"),
    ],
)
def test_an_error_is_reported_as_lambda_does(url: str, event: bytes, expected: bytes) -> None:
    status, answer = post(url, event)
    assert status == 500
    assert expected in answer


def test_who_does_not_know_the_secret_or_the_function_invokes_nothing(url: str) -> None:
    server = url.rsplit("/", 2)[0]
    for path in (f"{server}/obey", f"{server}/guessed/obey", url.removesuffix("obey") + "other"):
        assert post(path, b"{}")[0] == 404
