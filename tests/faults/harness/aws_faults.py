"""What can go wrong with a request to an AWS service."""

import asyncio
import os
import signal
from asyncio import StreamWriter
from collections.abc import Callable, Iterable

from tests.faults.harness.http_proxy import Break, HttpProxy, Request
from tests.faults.harness.proxy import abort


async def refuse(proxy: HttpProxy, _: Request, writer: StreamWriter) -> None:
    """Nobody listens any more."""
    abort(writer)
    await proxy.refuse()


async def tls(proxy: HttpProxy, _: Request, writer: StreamWriter) -> None:
    """The next connections fail in their handshake."""
    proxy.broken = "tls"
    abort(writer)


async def reset(_: HttpProxy, __: Request, writer: StreamWriter) -> None:
    """The connection breaks before the request is served."""
    abort(writer)


async def stall(_: HttpProxy, __: Request, ___: StreamWriter) -> None:
    """Nothing is heard of the request any more."""
    await asyncio.Event().wait()


async def half_head(proxy: HttpProxy, request: Request, writer: StreamWriter) -> None:
    """The request is served; the answer ends in its first line."""
    head, _ = await proxy.answer(request)
    writer.write(head[:11])
    await writer.drain()


async def half_body(proxy: HttpProxy, request: Request, writer: StreamWriter) -> None:
    """The request is served; the answer breaks off in its body."""
    head, body = await proxy.answer(request)
    writer.write(head + body[: len(body) // 2])
    await writer.drain()
    await asyncio.sleep(0.05)  # a reset overtakes what has not been read
    abort(writer)


async def linger(proxy: HttpProxy, request: Request, writer: StreamWriter) -> None:
    """Nothing goes wrong; the answer comes late, but in time."""
    head, body = await proxy.answer(request)
    await asyncio.sleep(0.8)
    writer.write(head + body)
    await writer.drain()


def status(line: str, code: str) -> Break:
    """The service answers with an error, in the manner of S3 or of the others."""

    async def answer(_: HttpProxy, request: Request, writer: StreamWriter) -> None:
        if b"x-amz-json" in request.head.lower():
            kind, body = "application/x-amz-json-1.1", f'{{"__type": "{code}", "message": "as told"}}'
        elif b"\r\nauthorization: " in request.head.lower() and b"/sns/" in request.head:
            kind = "text/xml"
            body = (
                f"<ErrorResponse><Error><Code>{code}</Code><Message>as told</Message></Error></ErrorResponse>"
            )
        else:
            kind = "application/xml"
            body = f"<Error><Code>{code}</Code><Message>as told</Message></Error>"
        if request.method == "HEAD":
            body = ""
        head = f"HTTP/1.1 {line}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write((head + body).encode())
        await writer.drain()

    return answer


def kill(workers: Callable[[], Iterable[int]], *, served: bool) -> Break:
    """The worker dies: before its request is served, or after, and before it hears of it."""

    async def strike(proxy: HttpProxy, request: Request, writer: StreamWriter) -> None:
        if served:
            await proxy.answer(request)
        for pid in workers():
            os.kill(pid, signal.SIGKILL)
        abort(writer)

    return strike


FAULTS: dict[str, Break] = {
    "refused": refuse,
    "reset": reset,
    "no answer": stall,
    "half an answer": half_head,
    "half a body": half_body,
    "500": status("500 Internal Server Error", "InternalError"),
    "503 SlowDown": status("503 Slow Down", "SlowDown"),
    "throttled": status("400 Bad Request", "ThrottlingException"),
    "TLS broken": tls,
}
