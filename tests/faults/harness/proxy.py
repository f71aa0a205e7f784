"""Proxies on real sockets that break what passes through them, whatever it is."""

import asyncio
import socket
import ssl
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

HOST = "127.0.0.1"
PIECE = 64 * 1024
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
        while data := await source.read(PIECE):
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
