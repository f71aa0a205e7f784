"""The Lambda Runtime API (2018-06-01) for one worker: what a runtime asks for its next event and answers to.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import asyncio
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from local.aws.emulator import ACCOUNT, REGION

FUNCTION_NAME = "csv-pipeline"
FUNCTION_ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{FUNCTION_NAME}"
_HOST = "127.0.0.1"
_PREFIX = "/2018-06-01/runtime"
_MAX_RESPONSE_BYTES = 6 * 1024 * 1024  # Lambda's own limit


@dataclass(frozen=True, slots=True)
class Invocation:
    """One event for the function; every attempt at it carries the same request id."""

    request_id: str
    event: Any


@dataclass(frozen=True, slots=True)
class Response:
    """What an attempt came to.

    Attributes:
        request_id: the invocation's.
        payload: what the handler returned, or Lambda's error object (errorType, errorMessage, ...).
        failed: whether it is the latter.
        fatal: whether its worker must be replaced: it died, or never answered.
    """

    request_id: str
    payload: Any
    failed: bool = False
    fatal: bool = False


class RuntimeApi:
    """Serves one runtime process, one invocation at a time.

    Attributes:
        address: host:port, for AWS_LAMBDA_RUNTIME_API.
        idle: set while the runtime waits for an event.
        init_error: what the runtime reported if it could not load the handler.
    """

    address: str

    def __init__(self) -> None:
        self.idle = asyncio.Event()
        self.init_error: dict[str, Any] | None = None
        self._next: asyncio.Queue[tuple[Invocation, int]] = asyncio.Queue()
        self._current: tuple[str, asyncio.Future[Response]] | None = None
        application = web.Application(client_max_size=_MAX_RESPONSE_BYTES)
        application.add_routes(
            [
                web.get(f"{_PREFIX}/invocation/next", self._hand_out),
                web.post(f"{_PREFIX}/invocation/{{id}}/response", self._take_response),
                web.post(f"{_PREFIX}/invocation/{{id}}/error", self._take_error),
                web.post(f"{_PREFIX}/init/error", self._take_init_error),
            ]
        )
        self._runner = web.AppRunner(
            application, access_log=None, handler_cancellation=True, shutdown_timeout=0
        )

    async def start(self) -> None:
        """Listen on a free loopback port."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, _HOST, 0)
        await site.start()
        host, port = self._runner.addresses[0]
        self.address = f"{host}:{port}"

    async def close(self) -> None:
        """Stop listening and drop what is under way."""
        await self._runner.cleanup()

    def submit(self, invocation: Invocation, timeout: float) -> "asyncio.Future[Response]":
        """Give the runtime its next event; the future holds its answer, if one comes."""
        answer = asyncio.get_running_loop().create_future()
        self._current = (invocation.request_id, answer)
        self._next.put_nowait((invocation, round((time.time() + timeout) * 1000)))
        return answer

    async def _hand_out(self, request: web.Request) -> web.Response:
        self.idle.set()
        invocation, deadline = await self._next.get()
        self.idle.clear()
        headers = {
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(deadline),
            "Lambda-Runtime-Invoked-Function-Arn": FUNCTION_ARN,
            "Lambda-Runtime-Trace-Id": f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)};Sampled=0",
        }
        # awslambdaric takes the type literally: with a charset it would hand the handler bytes.
        body = json.dumps(invocation.event).encode()
        return web.Response(body=body, content_type="application/json", headers=headers)

    async def _take_response(self, request: web.Request) -> web.Response:
        return await self._settle(request, failed=False)

    async def _take_error(self, request: web.Request) -> web.Response:
        return await self._settle(request, failed=True)

    async def _settle(self, request: web.Request, *, failed: bool) -> web.Response:
        request_id = request.match_info["id"]
        payload = json.loads(await request.read() or b"null")
        if self._current is None or self._current[0] != request_id or self._current[1].done():
            return _refuse("InvalidRequestID", f"no such invocation is under way: {request_id}")
        self._current[1].set_result(Response(request_id, payload, failed))
        return _accept()

    async def _take_init_error(self, request: web.Request) -> web.Response:
        self.init_error = json.loads(await request.read())
        return _accept()


def _accept() -> web.Response:
    return web.json_response({"status": "OK"}, status=202)


def _refuse(kind: str, message: str) -> web.Response:
    return web.json_response({"errorType": kind, "errorMessage": message}, status=400)
