"""The emulator as it is served: its S3 does not heed the Range of a GET that names a version; here it does.

Parts of a large object are read in ranges of one version.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from ministack.app import app as emulator

_OF_WHOLE = (
    b"content-length",
    b"x-amz-checksum-",
)  # S3 leaves the checksum of the object out of a part of it
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]


async def app(scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
    """Answer one request, as an ASGI application."""
    wanted = _range(scope)
    await emulator(scope, receive, _Slice(send, *wanted) if wanted else send)


def _range(scope: Message) -> tuple[int, int | None] | None:
    """The first and the last byte that are asked for of a version; None if all are."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    if "versionId" not in parse_qs(scope["query_string"].decode("latin-1")):
        return None
    found = re.fullmatch(rb"bytes=(\d+)-(\d*)", dict(scope["headers"]).get(b"range", b""))
    return (int(found[1]), int(found[2]) if found[2] else None) if found else None


class _Slice:
    """Sends a part of a body that the emulator sends as a whole."""

    def __init__(self, send: Send, first: int, last: int | None):
        self._send, self._first, self._last = send, first, last
        self._start: Message = {}

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            self._start = message
        elif message["type"] == "http.response.body" and self._start:
            await self._send_part(message["body"])
        else:
            await self._send(message)

    async def _send_part(self, whole: bytes) -> None:
        last = min(len(whole) - 1, len(whole) if self._last is None else self._last)
        part = whole[self._first : last + 1]
        headers = [each for each in self._start["headers"] if not each[0].lower().startswith(_OF_WHOLE)]
        headers.append((b"content-length", f"{len(part)}".encode()))
        headers.append((b"content-range", f"bytes {self._first}-{last}/{len(whole)}".encode()))
        await self._send({**self._start, "status": 206, "headers": headers})
        await self._send({"type": "http.response.body", "body": part})
