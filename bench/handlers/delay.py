"""A proxy on a real socket that adds a delay to every turnaround, and counts them."""

import asyncio
import re
from asyncio import StreamReader, StreamWriter
from dataclasses import dataclass

from tests.faults.harness.proxy import Proxy

_PIECE = 256 * 1024
_REQUEST = re.compile(rb"^(?:GET|PUT|POST|HEAD|DELETE) \S+ HTTP/1\.1\r$", re.MULTILINE)


@dataclass(slots=True)
class _Turn:
    """Whether the client is the one that sends, on one connection."""

    client: bool = False


class DelayingProxy(Proxy):
    """Passes bytes on; those of the client arrive later.

    Attributes:
        seconds: how much later.
        turnarounds: how often a client has sent something after the other side did, or as the first.
        requests: how many HTTP requests were seen; 0 where the bytes are encrypted.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self.turnarounds = self.requests = 0

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        async with self._service() as (answers, requests):
            turn = _Turn()
            ways = [
                asyncio.create_task(self._ask(reader, requests, turn)),
                asyncio.create_task(self._answer(answers, writer, turn)),
            ]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _ask(self, source: StreamReader, target: StreamWriter, turn: _Turn) -> None:
        loop = asyncio.get_running_loop()
        while data := await source.read(_PIECE):
            self.turnarounds += not turn.client
            self.requests += len(_REQUEST.findall(data))
            turn.client = True
            if self.seconds:  # later pieces do not wait for earlier ones, as on a long line
                loop.call_later(self.seconds, target.write, data)
            else:
                target.write(data)
        await asyncio.sleep(self.seconds)

    async def _answer(self, source: StreamReader, target: StreamWriter, turn: _Turn) -> None:
        while data := await source.read(_PIECE):
            turn.client = False
            target.write(data)
            await target.drain()
