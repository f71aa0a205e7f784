import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.handlers.delay import DelayingProxy
from tests.faults.harness.proxy import HOST

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"


async def answer(reader: StreamReader, writer: StreamWriter) -> None:
    """Everything that ends a head, and every body, has an answer."""
    while await reader.read(1000):
        writer.write(ANSWER)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def connected(seconds: float = 0.0) -> AsyncIterator[tuple[DelayingProxy, StreamReader, StreamWriter]]:
    service = await asyncio.start_server(answer, HOST, 0)
    proxy = DelayingProxy(seconds)
    proxy.upstream = service.sockets[0].getsockname()[1]
    await proxy.listen()
    reader, writer = await asyncio.open_connection(HOST, proxy.port)
    try:
        yield proxy, reader, writer
    finally:
        writer.close()
        await proxy.close()
        service.close()


async def ask(reader: StreamReader, writer: StreamWriter, request: bytes) -> bytes:
    writer.write(request)
    return await reader.readexactly(len(ANSWER))


def test_each_request_on_a_kept_connection_is_a_request_and_a_turnaround() -> None:
    async def scene() -> None:
        async with connected() as (proxy, reader, writer):
            for _ in range(3):
                assert await ask(reader, writer, GET) == ANSWER
            assert (proxy.requests, proxy.turnarounds) == (3, 3)

    asyncio.run(scene())


def test_a_body_that_waits_for_leave_is_a_turnaround_but_no_request() -> None:
    async def scene() -> None:
        async with connected() as (proxy, reader, writer):
            await ask(reader, writer, b"PUT /a HTTP/1.1\r\nExpect: 100-continue\r\n\r\n")
            await ask(reader, writer, b"body")
            assert (proxy.requests, proxy.turnarounds) == (1, 2)

    asyncio.run(scene())


def test_what_is_sent_in_pieces_arrives_in_order_and_is_one_turnaround() -> None:
    async def scene() -> None:
        async with connected(0.3) as (proxy, reader, writer):
            for piece in (b"GET /a HTTP/1.1\r\n", b"Host: x\r\n", b"\r\n"):
                writer.write(piece)
                await asyncio.sleep(0.03)  # or the three would be read as one
            assert await reader.readexactly(len(ANSWER)) == ANSWER
            assert proxy.turnarounds == 1

    asyncio.run(scene())


def test_nothing_arrives_before_its_delay() -> None:
    async def scene() -> None:
        async with connected(0.2) as (_, reader, writer):
            began = asyncio.get_running_loop().time()
            await ask(reader, writer, GET)
            assert asyncio.get_running_loop().time() - began >= 0.2

    asyncio.run(scene())
