"""Synchronous invocation of the stack's functions over HTTP: what the emulator's Lambda forwards to.

The emulator would run the code of a function in processes of its own. Given a URL instead, it sends the event
there and takes the answer for that of the function: so state machines run on the workers of the stack.
"""

import json
import secrets
import uuid
from collections.abc import Mapping

from aiohttp import web

from local.awslambda.pool import WorkerPool
from local.awslambda.runtime_api import Invocation, Response

_HOST = "127.0.0.1"
_LEAVE_SECONDS = 0.01  # before invocations are dropped; aiohttp takes 0 for no limit
_MAX_EVENT_BYTES = 6 * 1024 * 1024  # Lambda's own limit


class InvokeApi:
    """Serves worker pools, by the names of their functions, on a loopback port of its own.

    The path begins with a secret: other users of this machine can reach the port.
    """

    def __init__(self, pools: Mapping[str, WorkerPool]) -> None:
        self._pools = pools
        self._secret = secrets.token_urlsafe()
        application = web.Application(client_max_size=_MAX_EVENT_BYTES)
        application.add_routes([web.post(f"/{self._secret}/{{name}}", self._invoke)])
        self._runner = web.AppRunner(
            application, access_log=None, handler_cancellation=True, shutdown_timeout=_LEAVE_SECONDS
        )

    async def start(self) -> None:
        """Listen on a free loopback port."""
        await self._runner.setup()
        await web.TCPSite(self._runner, _HOST, 0).start()

    async def close(self) -> None:
        """Stop listening and drop what is under way."""
        await self._runner.cleanup()

    def url(self, name: str) -> str:
        """Where the function of this name is invoked."""
        _, port = self._runner.addresses[0]
        return f"http://{_HOST}:{port}/{self._secret}/{name}"

    async def _invoke(self, request: web.Request) -> web.Response:
        pool = self._pools.get(request.match_info["name"])
        if pool is None:
            raise web.HTTPNotFound
        return _answer(await pool.invoke(Invocation(str(uuid.uuid4()), await request.json())))


def _answer(response: Response) -> web.Response:
    """The function's answer, or its error: of that the emulator passes on what 500 characters can hold."""
    if not response.failed:
        return web.json_response(response.payload)
    error = {part: response.payload.get(part) for part in ("errorType", "errorMessage")}
    return web.Response(status=500, text=json.dumps(error), content_type="application/json")
