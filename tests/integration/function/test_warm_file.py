"""What a small file costs in a worker that has had one before. One more request is one more wait for every file."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import URLLib3Session

from function import wiring
from function.domain.model import Deadline
from function.settings import Settings
from local.stack import Stack
from tests.support import uploads

pytestmark = pytest.mark.anyio
NEVER = Deadline(float("inf"))


class Costs:
    """The requests to AWS and the statements of the database since the last `clear`."""

    def __init__(self) -> None:
        self.requests: list[AWSPreparedRequest] = []
        self.statements: list[str] = []

    def clear(self) -> None:
        self.requests.clear()
        self.statements.clear()


@pytest.fixture
async def costs(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Costs]:
    found, connect, send = Costs(), asyncpg.connect, URLLib3Session.send
    connections: list[asyncpg.Connection] = []

    async def counted_connect(**arguments: Any) -> asyncpg.Connection:
        connection: asyncpg.Connection = await connect(**arguments)
        connections.append(connection)
        connection.add_query_logger(lambda record: found.statements.append(record.query.split()[0]))
        return connection

    def counted_send(self: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
        # the stack's own event queue polls from a thread of this process; the function asks nothing of SQS
        if "AmazonSQS" not in str(request.headers.get("X-Amz-Target")):
            found.requests.append(request)
        return send(self, request)

    monkeypatch.setattr(asyncpg, "connect", counted_connect)
    monkeypatch.setattr(URLLib3Session, "send", counted_send)
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    yield found
    for connection in connections:
        await connection.close()


async def test_a_warm_file_costs_four_requests_and_three_statements(stack: Stack, costs: Costs) -> None:
    line = wiring.build(Settings.from_env(stack.environment)).pipeline
    quiet = stack.names.backup_bucket  # whose uploads call no worker
    for number in range(2):
        obj = uploads.put(stack, f"warm/{number}.csv", b"name,age\nann,3%d\n" % number, quiet)
        costs.clear()
        await line.process(obj, "request-1", NEVER)
    assert sorted(request.method for request in costs.requests) == ["GET", "POST", "PUT", "PUT"]
    assert costs.statements == ["INSERT", "WITH", "UPDATE"]  # claim, record, settle


async def test_the_page_of_a_warm_file_in_doubt_costs_one_request(stack: Stack, costs: Costs) -> None:
    line = wiring.build(Settings.from_env(stack.environment)).pipeline
    for number in range(2):
        obj = uploads.put(stack, f"warm/doubt{number}.csv", b"name,age\nann\n", stack.names.backup_bucket)
        costs.clear()
        await line.process(obj, "request-1", NEVER)
    assert len([each for each in costs.requests if str(each.url).endswith("/report.html")]) == 1
    of_s3 = sorted(request.method for request in costs.requests if request.method != "POST")
    assert of_s3 == ["GET", "PUT", "PUT", "PUT"]
    assert costs.statements == ["INSERT", "WITH", "UPDATE"]


async def test_no_body_waits_for_a_word_of_the_server(stack: Stack, costs: Costs) -> None:
    line = wiring.build(Settings.from_env(stack.environment)).pipeline
    obj = uploads.put(stack, "warm/body.csv", b"a\n1\n", stack.names.backup_bucket)
    costs.clear()
    await line.process(obj, "r", NEVER)
    written = [request for request in costs.requests if request.method == "PUT" and request.body]
    assert written
    assert not any("Expect" in request.headers for request in written)


async def test_the_object_is_asked_for_while_the_claim_is_made(
    stack: Stack, costs: Costs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim that takes long, and the GET is through before it is made."""
    settings = Settings.from_env(stack.environment)
    line = wiring.build(settings).pipeline
    seen: list[list[str]] = []
    claim = line.claims.claim

    async def slow_claim(*arguments: Any) -> Any:
        await asyncio.sleep(0.3)
        seen.append([request.method for request in costs.requests])
        return await claim(*arguments)

    monkeypatch.setattr(line.claims, "claim", slow_claim)
    obj = uploads.put(stack, "warm/beside.csv", b"a\n1\n", stack.names.backup_bucket)
    costs.clear()
    assert (await line.process(obj, "r", NEVER)).rows == 1
    assert seen == [["GET"]]
