"""A proxy that knows HTTP, and breaks requests or answers."""

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeAlias

from tests.faults.harness.proxy import HOST, PIECE, Proxy


@dataclass(frozen=True, slots=True)
class Request:
    """What is looked at of a request."""

    method: str
    path: str
    head: bytes
    body: bytes


Break: TypeAlias = "Callable[[HttpProxy, Request, StreamWriter], Coroutine[Any, Any, None]]"
"""Something that goes wrong with one request."""


class HttpProxy(Proxy):
    """Passes HTTP requests on, with TLS on the client's side, and breaks those that match.

    Attributes:
        matches: tells the requests that `breaks` is for.
        breaks: what happens to them; the connection ends with it.
        seen: how many requests matched.
    """

    def __init__(self, context: ssl.SSLContext):
        super().__init__(context)
        context.sni_callback = self._greet
        self.matches: Callable[[Request], bool] = lambda _: False
        self.breaks: Break | None = None
        self.seen = 0
        self._copying = asyncio.Lock()

    async def heal(self) -> None:
        """Let everything pass again, on new connections."""
        self.breaks = None
        await super().heal()

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        async with self._service() as (answers, requests):
            while request := await read_request(reader, writer):
                if self.breaks and self.matches(request):
                    self.seen += 1
                    return await self.breaks(self, request, writer)
                if _copies_on_condition(request):
                    writer.writelines(await self.answer(request))
                    continue
                requests.write(request.head + request.body)
                await relay(answers, writer, request.method)
        return None

    def _greet(self, *_: object) -> int | None:
        return ssl.ALERT_DESCRIPTION_INTERNAL_ERROR if self.broken == "tls" else None

    async def answer(self, request: Request) -> tuple[bytes, bytes]:
        """Let the service do what is asked; head and body of its answer."""
        if not _copies_on_condition(request):
            return await self._ask(request)
        async with self._copying:
            path = request.path.partition("?")[0]
            asked = Request("HEAD", path, f"HEAD {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode(), b"")
            head, _ = await self._ask(asked)
            return _IT_IS_THERE if head.startswith(b"HTTP/1.1 200") else await self._ask(request)

    async def _ask(self, request: Request) -> tuple[bytes, bytes]:
        async with self._service() as (answers, requests):
            requests.write(request.head + request.body)
            head = await answers.readuntil(b"\r\n\r\n")
            return head, b"".join([piece async for piece in pieces(answers, head, request.method)])


_IT_IS_THERE = (
    b"HTTP/1.1 412 Precondition Failed\r\nContent-Length: 46\r\n\r\n",
    b"<Error><Code>PreconditionFailed</Code></Error>",
)


def _copies_on_condition(request: Request) -> bool:
    """S3 makes no copy over an object where If-None-Match forbids it. The emulator would: we stand in for S3."""
    fields = request.head.lower()
    return b"\r\nx-amz-copy-source:" in fields and b"\r\nif-none-match:" in fields


async def read_request(reader: StreamReader, writer: StreamWriter) -> Request | None:
    """The next request on the connection, with its body; None at the connection's end."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    if b"100-continue" in head.lower():
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"expect:")]
        head = b"\r\n".join(lines)
    method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
    body = b"".join([piece async for piece in pieces(reader, head, method)])
    return Request(method, path, head, body)


async def relay(source: StreamReader, target: StreamWriter, method: str) -> None:
    """Pass one answer on."""
    head = await source.readuntil(b"\r\n\r\n")
    target.write(head)
    async for piece in pieces(source, head, method):
        target.write(piece)
        await target.drain()
    await target.drain()


async def pieces(source: StreamReader, head: bytes, method: str) -> AsyncIterator[bytes]:
    """The body that follows a head, as it is on the wire."""
    fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
    if method == "HEAD" or head.startswith((b"HTTP/1.1 204", b"HTTP/1.1 304")):
        return
    if b"chunked" in fields.get(b"transfer-encoding", b""):
        size = -1
        while size:
            line = await source.readuntil(b"\r\n")
            size = int(line.split(b";")[0], 16)
            yield line + await source.readexactly(size + 2)
        return
    left = int(fields.get(b"content-length", b"0"))
    while left and (piece := await source.read(min(left, PIECE))):
        left -= len(piece)
        yield piece
