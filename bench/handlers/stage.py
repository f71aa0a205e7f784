"""What the handlers meet: the embedded stack, with a delaying proxy before AWS and one before PostgreSQL."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from bench import ROOT
from bench.handlers.delay import DelayingProxy
from function.postgres.credentials import Credentials
from local.loop import LoopThread
from local.stack import Stack
from tests.faults.harness.proxy import HOST
from tests.support import uploads

HANDLERS = {
    "ours": "function.handler",
    "pandas": "bench.handlers.pandas_handler",
    "typical": "bench.handlers.typical_handler",
}
_BUCKET = "bench"  # it sends no events by itself
_TABLE = """
CREATE TABLE rival_metadata (id serial PRIMARY KEY, filename text, status text, timestamp timestamptz);
GRANT SELECT, INSERT, UPDATE ON rival_metadata TO PUBLIC;
GRANT USAGE ON rival_metadata_id_seq TO PUBLIC;
"""

Sample = dict[str, Any]


@dataclass
class Environment:
    """A handler in a process of its own; see `bench.handlers.environment`."""

    process: "subprocess.Popen[str]"

    def call(self, event: object) -> Sample:
        """Send one event, and wait for what it cost; `{"error": ...}` once the process is dead."""
        assert self.process.stdin
        assert self.process.stdout
        try:
            self.process.stdin.write(json.dumps(event) + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            return {"error": f"the process ended with status {self.process.wait()}"}
        sample: Sample = json.loads(answer)
        return sample


@dataclass
class Stage:
    """The services, and the way to them.

    Attributes:
        stack: the stack itself; its own workers are not used.
        aws, database: the proxies.
        environment: what a handler's process is told.
    """

    stack: Stack
    aws: DelayingProxy
    database: DelayingProxy
    environment: Mapping[str, str]
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def upload(self, body: bytes) -> dict[str, Any]:
        """Put a file into the bucket under a name of its own; the event that S3 would send."""
        key = f"file-{next(self._numbers):06}.csv"
        return uploads.event(uploads.put(self.stack, key, body, _BUCKET))

    @contextmanager
    def handler(self, name: str, memory_mb: int, prefix: Sequence[str] = ()) -> Iterator[Environment]:
        """Start one of `HANDLERS` in a process of its own, behind the command in `prefix`."""
        process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "bench.handlers.environment", HANDLERS[name]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**self.environment, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(memory_mb)},
            text=True,
        )
        try:
            yield Environment(process)
        finally:
            process.kill()
            process.communicate()


@contextmanager
def stage(seconds: float = 0.0) -> Iterator[Stage]:
    """Start everything; each turnaround takes `seconds` longer than on this machine alone."""
    with ExitStack() as opened:
        loop = opened.enter_context(LoopThread())
        aws, database = DelayingProxy(seconds), DelayingProxy(seconds)
        for proxy in (aws, database):
            loop.run(proxy.listen())
            opened.callback(_close, loop, proxy)
        stack = opened.enter_context(Stack())
        aws.upstream = int(stack.environment["AWS_ENDPOINT_URL"].rpartition(":")[2])
        database.upstream = stack.postgres.admin.port
        _lead_to(stack, database.port)
        s3 = stack.client("s3")
        s3.create_bucket(Bucket=_BUCKET)
        s3.put_bucket_versioning(Bucket=_BUCKET, VersioningConfiguration={"Status": "Enabled"})
        for statement in filter(str.strip, _TABLE.split(";")):
            uploads.query(stack, statement)
        endpoint = {"AWS_ENDPOINT_URL": f"http://{HOST}:{aws.port}", "PYTHONPATH": os.curdir}
        yield Stage(stack, aws, database, {**stack.environment, **endpoint})


def _close(loop: LoopThread, proxy: DelayingProxy) -> None:
    loop.run(proxy.close())


def _lead_to(stack: Stack, port: int) -> None:
    """Have the secret name the proxy before the database."""
    vault, name = stack.client("secretsmanager"), stack.names.database_secret_arn
    secret = Credentials.from_secret(vault.get_secret_value(SecretId=name)["SecretString"])
    vault.put_secret_value(SecretId=name, SecretString=replace(secret, port=port).to_secret())
