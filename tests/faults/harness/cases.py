"""Every fault at every step, and every way back."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import product

import asyncpg

from local.loop import LoopThread
from tests.faults.harness import aws_faults
from tests.faults.harness.faulty_stack import BUCKET, FaultyStack
from tests.faults.harness.http_proxy import Break, Request

RECOVERIES = ("retry", "redrive", "reconcile")


@dataclass(frozen=True, slots=True)
class Case:
    """One play.

    Attributes:
        step: what the pipeline is about to do.
        fault: what goes wrong then, until `recovery` begins.
        recovery: "retry" by Lambda, "redrive" of the dead letter, "reconcile" once that letter is lost too.
    """

    step: str
    fault: str
    recovery: str

    @property
    def may_tell_twice(self) -> bool:
        """Whether the message may have left without the ledger's hearing of it."""
        if self.step == "notify":
            return self.fault in ("half an answer", "half a body", "killed once served")
        # its siblings run beside it, and what a dead worker did stays untold
        beside = self.step in ("write result", "write page", "back up", *PARTS) and self.fault in KILLS
        return beside or self.step in ("settle", "extend")  # a lease may be renewed beside the delivery

    def __str__(self) -> str:
        return f"{self.step}, {self.fault}, {self.recovery}"


def _is(method: str, part: str) -> Callable[[Request], bool]:
    return lambda request: request.method == method and part in request.path


# What each step asks of an AWS service.
REQUESTS: dict[str, tuple[str, Callable[[Request], bool]]] = {
    "read secret": ("secretsmanager", lambda _: True),
    "pin": ("s3", _is("HEAD", f"/{BUCKET}/")),
    "scan": ("s3", _is("GET", f"/{BUCKET}/")),
    "write result": ("s3", _is("PUT", "/result.json")),
    "write page": ("s3", _is("PUT", "/report.html")),
    "back up": ("s3", _is("PUT", "/local-backup/")),
    "notify": ("sns", lambda _: True),
    "copy a part": ("s3", _is("PUT", "partNumber=")),
    "join the parts": ("s3", _is("POST", "uploadId=")),
}
PARTS = ("copy a part", "join the parts")  # steps of a file that is too large for one copy
STATEMENTS = ("claim", "extend", "record", "settle")
KILLS = ("killed before", "killed once served")


class Outage:
    """A fault of the database, from `begin` to `end`."""

    def __init__(self, faulty: FaultyStack):
        self.faulty = faulty
        self.undo = ExitStack()

    def begin(self, fault: str) -> None:
        """Let it happen."""
        if fault == "killed before":
            self.faulty.kill_workers()
        elif fault in NETWORK:
            self._break(NETWORK[fault])
        else:
            SERVER[fault](self)

    def end(self) -> None:
        """Let it be over."""
        self.undo.close()

    def _break(self, way: str) -> None:
        faulty = self.faulty
        if way == "refuse":
            faulty.loop.run(faulty.database.refuse())
        faulty.database.broken = way
        self.undo.callback(lambda: faulty.loop.run(faulty.database.heal()))

    def stop(self) -> None:
        self.faulty.stack.postgres.stop()
        self.undo.callback(self.faulty.stack.postgres.start)

    def alter(self, change: str, back: str) -> None:
        self.faulty.alter_role(change)
        self.undo.callback(lambda: self.faulty.alter_role(back))

    def lock(self) -> None:
        """Hold the table, so that every statement waits longer than the worker does."""
        loop = self.undo.enter_context(LoopThread())
        connection: asyncpg.Connection[asyncpg.Record] = loop.run(_connect(self.faulty.stack.postgres.dsn))
        self.undo.callback(lambda: loop.run(connection.close()))
        loop.run(connection.execute("BEGIN; LOCK TABLE file_metadata"))

    def change_password(self) -> None:
        self.alter("PASSWORD 'another'", f"PASSWORD '{PASSWORD}'")


async def _connect(dsn: str) -> "asyncpg.Connection[asyncpg.Record]":
    return await asyncpg.connect(dsn)


PASSWORD = "the one in the secret"
NETWORK = {
    "refused": "refuse",
    "reset": "reset",
    "no answer": "stall",
    "half an answer": "cut",
    "TLS broken": "tls",
}
SERVER: dict[str, Callable[[Outage], None]] = {
    "server down": Outage.stop,
    "too many connections": lambda outage: outage.alter("CONNECTION LIMIT 0", "CONNECTION LIMIT -1"),
    "read-only standby": lambda outage: outage.alter(
        "SET default_transaction_read_only = on", "RESET default_transaction_read_only"
    ),
    "statement too slow": Outage.lock,
    "password refused": Outage.change_password,
}


def aws_break(faulty: FaultyStack, fault: str) -> Break:
    """What happens to the requests of an AWS step."""
    if fault in KILLS:
        return aws_faults.kill(lambda: faulty.stack.workers, served=fault == "killed once served")
    return aws_faults.FAULTS[fault]


def _cases() -> list[Case]:
    plays = [*product(REQUESTS, [*aws_faults.FAULTS, *KILLS])]
    plays += product(STATEMENTS, [*NETWORK, *SERVER, *KILLS])
    return [Case(step, fault, recovery) for (step, fault), recovery in product(plays, RECOVERIES)]


CASES = _cases()
