"""Proxies on real sockets that break what passes through them: one that knows HTTP, one that does not."""

import asyncio
import socket
import ssl
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

HOST = "127.0.0.1"
_PIECE = 64 * 1024
_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: close with a reset


class Proxy:
    """Listens on a port of its own, which it keeps, also while it refuses connections.

    Attributes:
        upstream: port of the service on this machine.
        broken: what it does to connections, by name; None lets them pass.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.upstream = 0
        self.broken: str | None = None
        self._context = context
        self._open: dict[asyncio.Task[Any], StreamWriter] = {}
        self._server: asyncio.Server | None = None
        self._reserved = socket.socket()
        self._reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._reserved.bind((HOST, 0))
        self.port: int = self._reserved.getsockname()[1]

    async def listen(self) -> None:
        """Accept connections."""
        if self._server is None:
            self._server = await asyncio.start_server(
                self._accept, HOST, self.port, reuse_address=True, ssl=self._context
            )

    async def refuse(self) -> None:
        """Break every connection and accept no more."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.reset()

    async def close(self) -> None:
        """Stop for good."""
        await self.refuse()
        await asyncio.gather(*self._open, return_exceptions=True)
        self._reserved.close()

    def reset(self) -> None:
        """Break every connection."""
        for task, writer in list(self._open.items()):
            abort(writer)
            if task is not asyncio.current_task():
                task.cancel()

    async def heal(self) -> None:
        """Let everything pass again, on new connections."""
        self.broken = None
        self.reset()
        await self.listen()

    async def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._open[task] = writer
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            abort(writer)  # one side has gone: so has the other
        finally:
            del self._open[task]
            writer.close()

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        raise NotImplementedError

    @asynccontextmanager
    async def _service(self) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
        reader, writer = await asyncio.open_connection(HOST, self.upstream)
        try:
            yield reader, writer
        finally:
            writer.close()


def abort(writer: StreamWriter) -> None:
    """Reset the connection."""
    raw = writer.get_extra_info("socket")
    if raw is not None and raw.fileno() >= 0:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    writer.transport.abort()


class TcpProxy(Proxy):
    """Passes bytes on without knowing what they mean, as it is with PostgreSQL under TLS.

    `broken` is "reset", "stall" (nothing passes), "cut" (an answer ends in its middle) or "tls" (one bit of
    an answer is another).
    """

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        async with self._service() as (answers, requests):
            ways = [
                asyncio.create_task(self._pass(reader, requests, answer=False)),
                asyncio.create_task(self._pass(answers, writer, answer=True)),
            ]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _pass(self, source: StreamReader, target: StreamWriter, *, answer: bool) -> None:
        while data := await source.read(_PIECE):
            match self.broken:
                case "reset":
                    return abort(target)
                case "stall":
                    await asyncio.Event().wait()
                case "cut" if answer:
                    target.write(data[: len(data) // 2])
                    return await target.drain()
                case "tls" if answer:
                    data = data[:-1] + bytes([data[-1] ^ 1])
            target.write(data)
            await target.drain()
        return None


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
    while left and (piece := await source.read(min(left, _PIECE))):
        left -= len(piece)
        yield piece
