"""The worker's own handler, every step of which is announced: what the runtime loads in these tests.

The same parts as in production, put together by the same `wiring`; only the time-outs are shorter.
"""

import dataclasses
import functools
import os
import signal
import socket
from datetime import timedelta
from typing import Any, cast

from botocore.config import Config

from function import handler as entry
from function import wiring
from function.aws import clients
from function.aws.delivery import Delivery
from function.invocation import Context
from function.pipeline import process
from function.postgres import claims, database
from function.settings import Settings
from function.wiring import Application

CONTROL = "FAULTS_CONTROL"
SINGLE_COPY_BYTES = 50_000  # beyond, a backup is copied in parts
if CONTROL in os.environ:  # in a worker; the tests themselves, which import this too, keep what is real
    clients.CLIENT = clients.CLIENT.merge(Config(connect_timeout=1, read_timeout=1))
    database._CONNECT_SECONDS = database._STATEMENT_SECONDS = 1
    database.PATIENCE = process.PATIENCE_SHARE = 0.0
    claims.LEASE = timedelta(seconds=2)
    process.HEARTBEAT_SECONDS = 0.5


def announce(step: str) -> str:
    """Say what comes next, and wait until we may go on: if we may.

    Returns:
        What we are to do: "go", or another word of the test; "die" is done here.
    """
    host, port = os.environ[CONTROL].split(":")
    with socket.create_connection((host, int(port))) as control:
        control.sendall(f"{step}\n".encode())
        answer = control.recv(16).decode()
    if answer == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    return answer


class Announced:
    """An adapter of the pipeline whose methods say when they begin and when they are done; `who`: of whom."""

    def __init__(self, adapter: object, who: str = ""):
        self._adapter, self._who = adapter, who

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._adapter, name)

        async def announced(*arguments: Any) -> Any:
            announce(f"before {self._who}{name}")
            outcome = await method(*arguments)
            announce(f"after {self._who}{name}")
            return outcome

        return announced


@functools.cache
def _application() -> Application:
    built = wiring.build(Settings.from_env(os.environ))
    assert isinstance(built.pipeline.delivery, Delivery)
    built.pipeline.delivery._single_copy_bytes = SINGLE_COPY_BYTES
    line = dataclasses.replace(
        built.pipeline,
        claims=cast("Any", Announced(built.pipeline.claims)),
        delivery=cast("Any", Announced(built.pipeline.delivery)),
    )
    return dataclasses.replace(built, pipeline=line)


entry._application = _application


def handler(event: dict[str, Any], context: Context) -> Any:
    """`function.handler.handler`."""
    announce("begin")
    return entry.handler(event, context)
