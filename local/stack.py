"""The embedded stack: the AWS services and the function on this machine, started and stopped together."""

import time
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from local import environment, platform
from local.aws import resources
from local.aws.emulator import Emulator
from local.aws.inbox import Inbox
from local.awslambda.dead_letters import DeadLetters
from local.awslambda.event_queue import EventQueue
from local.awslambda.pool import Function, WorkerPool
from local.awslambda.runtime_api import Invocation, Response
from local.errors import StackError
from local.fanout import FINISH_HANDLER, PART_HANDLER, FanOut
from local.loop import LoopThread
from local.postgres.schema import create_database
from local.postgres.server import Postgres
from local.processes.group import Processes

HANDLER = "function.handler.handler"
_OPERATOR_HANDLER = "function.operator_handler.handler"
_LOOK_SECONDS, _QUIET_LOOKS = 0.05, 4  # how often settle looks, and how often it must find nothing


class Stack:
    """PostgreSQL, S3, SNS, SQS, Secrets Manager and the functions' workers; a context manager.

    For synchronous code: the event loop it needs runs in a thread of its own. Everything listens on
    127.0.0.1 only, and nothing is left behind, whichever way the process ends.

    Args:
        concurrency: how many workers may run concurrently.
        timeout: seconds an attempt may take before its worker is killed.
        retry_delays: seconds before each further attempt at an event; Lambda waits 60 and 120.
        handler: what the workers that take files run, as `module.function`.
        part_handler, finish_handler: likewise those of the two functions that read a large file in parts.
        variables: environment variables for the workers beside those of the stack itself.

    Attributes:
        names: buckets, topic and secret.
        client: makes a boto3 client of a service: `client("s3")`.
        postgres: the database server, with `stop()`, `start()`, `dsn` and `psql`.
        environment: what a worker gets, complete.
        directory: the stack's own; removed when the stack ends.
        log: the output of every process there, with a line of Lambda's own for every attempt.
    """

    def __init__(
        self,
        *,
        concurrency: int = 2,
        timeout: float = 60.0,
        retry_delays: Sequence[float] = (1.0, 2.0),
        handler: str = HANDLER,
        part_handler: str = PART_HANDLER,
        finish_handler: str = FINISH_HANDLER,
        variables: Mapping[str, str] | None = None,
    ):
        self._concurrency = concurrency
        self._timeout = timeout
        self._retry_delays = retry_delays
        self._handler = handler
        self._steps = {"part_handler": part_handler, "finish_handler": finish_handler}
        self._variables = dict(variables or {})

    def __enter__(self) -> Self:
        """Bring everything up.

        Raises:
            StackError: a part did not start, or this machine cannot run it.
        """
        platform.require_supported()
        with ExitStack() as opened:
            # Left in the reverse order: the loop last, once its threads' connections are broken.
            self._loop = opened.enter_context(LoopThread())
            processes = opened.enter_context(Processes())
            self.directory, self.log = processes.directory, processes.log
            self.postgres = opened.enter_context(closing(Postgres(processes)))
            self._start_services(processes)
            self._start_functions(processes, opened)
            self._opened = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.__exit__(kind, error, trace)

    def _start_services(self, processes: Processes) -> None:
        """PostgreSQL and the emulator start side by side, each with what belongs in it."""
        self._emulator = emulator = Emulator(processes)
        with ThreadPoolExecutor(max_workers=1) as beside:
            application = beside.submit(create_database, self.postgres)
            emulator.start()
            created = resources.create(emulator)
            secret = application.result().to_secret()
        self._events = created.events
        self._failures, self._dead_letters = created.dead_letters, DeadLetters(created.dead_letters)
        self._mailbox = Inbox(created.inbox)
        self.names, self.client = created.names, emulator.client
        self.client("secretsmanager").put_secret_value(
            SecretId=self.names.database_secret_arn, SecretString=secret
        )
        self.environment = {
            **environment.of_worker(emulator.environment, self.directory, self.names, self.postgres.ca_file),
            **self._variables,
        }

    def _start_functions(self, processes: Processes, opened: ExitStack) -> None:
        """The pools of workers, and what brings them their events."""
        worker = Function(self._handler, self.environment, self._timeout, self._concurrency)
        self._pool = WorkerPool(processes, worker)
        self._operator = WorkerPool(processes, replace(worker, handler=_OPERATOR_HANDLER, concurrency=1))
        opened.callback(lambda: self._loop.run(self._operator.close()))
        self._fan_out = FanOut(processes, self._emulator, worker, self._failures, **self._steps)
        opened.callback(lambda: self._loop.run(self._fan_out.stop()))
        self._pump = EventQueue(
            self._events, self._dead_letters, self._pool, self._retry_delays, self._fan_out.prepare
        )
        opened.callback(lambda: self._loop.run(self._pump.stop()))
        self._loop.run(self._pump.start())

    @property
    def workers(self) -> list[int]:
        """Process ids of the workers alive that take files."""
        return self._pool.pids

    @property
    def step_workers(self) -> list[int]:
        """Process ids of the workers alive that read parts, or merge them."""
        return self._fan_out.workers

    def send(self, event: Any) -> None:
        """Invoke the function as an event source does: queued, retried, and given up to the dead letters."""
        self._events.send(event)

    def invoke(self, event: Any) -> Response:
        """Invoke the function once and wait for its answer."""
        return self._loop.run(self._invoke(self._pool, event))

    def operate(self, event: Any) -> Response:
        """Invoke the operators' function once and wait for its answer; it starts with its first event."""
        return self._loop.run(self._invoke(self._operator, event))

    async def _invoke(self, pool: WorkerPool, event: Any) -> Response:
        await self._fan_out.prepare(event)
        return await pool.invoke(Invocation(str(uuid.uuid4()), event))

    def settle(self, timeout: float = 60.0) -> None:
        """Return when no event is waiting or under way and no execution runs, nor has for a moment.

        The moment is for S3, which sends an event only after it has answered the upload.

        Raises:
            StackError: that was not so within `timeout` seconds, or can no longer come to be so.
        """
        deadline = time.monotonic() + timeout
        quiet = 0
        while quiet < _QUIET_LOOKS:
            self._loop.run(self._pump.check())
            pending = len(self._events) + self._fan_out.running()
            quiet = 0 if pending else quiet + 1
            if pending and time.monotonic() > deadline:
                raise StackError(f"{pending} events still unfinished after {timeout:g} seconds")
            time.sleep(_LOOK_SECONDS)

    def dead_letters(self) -> list[dict[str, Any]]:
        """The on-failure records of the events given up; they stay where they are."""
        return self._dead_letters.records()

    @property
    def dead_letter_queue_url(self) -> str:
        """Where the events given up wait."""
        return self._dead_letters.url

    def redrive(self) -> int:
        """Send the events given up once more; how many there were."""
        return self._dead_letters.redrive(self._events)

    def messages(self) -> list[dict[str, Any]]:
        """Every notification so far, oldest first, as `{"subject", "message", "attributes"}`."""
        return self._mailbox.messages()
