"""The embedded stack with a proxy before each of its services, and somebody who hears of every step."""

import asyncio
import contextlib
import os
import signal
import ssl
import tempfile
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import trustme

from function.postgres import roles
from function.postgres.credentials import Credentials
from local.loop import LoopThread
from local.stack import Stack
from tests.faults.harness.http_proxy import HttpProxy
from tests.faults.harness.proxy import HOST, TcpProxy
from tests.faults.harness.worker import CONTROL
from tests.support import uploads

BUCKET = "faults"  # sends no events by itself: each test sends its own
AWS = {"s3": "S3", "sns": "SNS", "secretsmanager": "SECRETS_MANAGER", "stepfunctions": "SFN"}


class FaultyStack:
    """Everything that a fault needs.

    Attributes:
        stack: the stack, whose workers reach its services through the proxies only.
        aws: the proxy of each AWS service, by the name boto3 has for it.
        database: the proxy of PostgreSQL.
        heard: is called with every step a worker announces; the worker waits until it returns, and does what
            it says, see `worker.announce`.
        steps: all that was announced.
    """

    stack: Stack

    def __init__(self, loop: LoopThread, authority: trustme.CA):
        self.loop = loop
        self.aws = {service: HttpProxy(_context(authority)) for service in AWS}
        self.database = TcpProxy()
        self.heard: Callable[[str], str | None] = lambda _: None
        self.steps: list[str] = []

    @property
    def proxies(self) -> list[HttpProxy | TcpProxy]:
        """All of them."""
        return [*self.aws.values(), self.database]

    async def listen(self) -> str:
        """Open the proxies and the control; the control's address."""
        for proxy in self.proxies:
            await proxy.listen()
        self._control = await asyncio.start_server(self._hear, HOST, 0)
        return f"{HOST}:{self._control.sockets[0].getsockname()[1]}"

    async def _hear(self, reader: StreamReader, writer: StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):  # of a worker that was killed at this step
            step = (await reader.readline()).decode().strip()
            self.steps.append(step)
            answer = await asyncio.to_thread(self.heard, step)
            writer.write((answer or "go").encode())
            await writer.drain()
        writer.close()

    async def close(self) -> None:
        """Close the control and the proxies."""
        self._control.close()
        for proxy in self.proxies:
            await proxy.close()

    def connect(self, stack: Stack) -> None:
        """Put the proxies between the stack's workers and its services."""
        self.stack = stack
        emulator = int(stack.environment["AWS_ENDPOINT_URL"].rpartition(":")[2])
        for proxy in self.aws.values():
            proxy.upstream = emulator
        self.database.upstream = stack.postgres.admin.port
        self._vault = stack.client("secretsmanager")
        s3 = stack.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        self.change_secret()

    def change_secret(self, password: str | None = None) -> None:
        """Lead the workers to the proxy of the database, with another password if one is given."""
        secret_id = self.stack.names.database_secret_arn
        text = self._vault.get_secret_value(SecretId=secret_id)["SecretString"]
        secret = replace(Credentials.from_secret(text), port=self.database.port)
        secret = replace(secret, password=password or secret.password)
        self._vault.put_secret_value(SecretId=secret_id, SecretString=secret.to_secret())

    def heal(self) -> None:
        """Let everything pass again."""
        self.heard = lambda _: None
        for proxy in self.proxies:
            self.loop.run(proxy.heal())

    def kill_workers(self, most: int | None = None) -> int:
        """SIGKILL, as the kernel does when memory is short; how many there were."""
        pids = self.stack.workers[:most]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return len(pids)

    def sql(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        """Ask the database itself."""
        return uploads.query(self.stack, statement, *arguments)

    def alter_role(self, change: str) -> None:
        """Change the worker's role, and end its connections, so that it shows."""
        self.sql(f"ALTER ROLE {roles.APPLICATION_ROLE} {change}")
        self.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1",
            roles.APPLICATION_ROLE,
        )


@contextmanager
def faulty_stack(**options: Any) -> Iterator[FaultyStack]:
    """Open one; `options` are the stack's."""
    with ExitStack() as opened:
        loop = opened.enter_context(LoopThread())
        directory = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        authority = trustme.CA()
        authority.cert_pem.write_to_path(directory / "ca.pem")
        faulty = FaultyStack(loop, authority)
        control = loop.run(faulty.listen())
        opened.callback(lambda: loop.run(faulty.close()))
        variables = {
            f"AWS_ENDPOINT_URL_{AWS[service]}": f"https://{HOST}:{proxy.port}"
            for service, proxy in faulty.aws.items()
        }
        variables["SUPERSEDE_SECONDS"] = "0"  # every version must have its message
        variables |= {CONTROL: control, "AWS_CA_BUNDLE": str(directory / "ca.pem")}
        variables |= options.pop("variables", {})
        stack = Stack(**{"handler": "tests.faults.harness.worker.handler", "variables": variables, **options})
        faulty.connect(opened.enter_context(stack))
        yield faulty


def _context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    return context
