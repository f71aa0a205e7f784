"""Many uploads within seconds, a Lambda that grows to meet them, and a PostgreSQL with few connections.

    make burst

The pipeline, its ledger and its connections are the function's own, on a real PostgreSQL over TLS. Lambda is
modelled, see `lambda_model`. What a file costs beside the database (reading it, writing the result, the copy and
the message) is time that passes. The clock is slowed down, because this machine has to be a thousand workers.
"""

import argparse
import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from unittest import mock

import asyncpg

from function.pipeline import process
from function.postgres import claims, database, migrations, roles
from function.postgres.database import Database, connect
from local.postgres.server import Postgres
from local.processes.group import Processes
from tests.faults.harness.clock import Clock
from tests.faults.harness.lambda_model import Admission, Environment, Figures, Lambda, files

TIMES = (
    (database, "IDLE_SECONDS"),
    (database, "PATIENCE"),
    (database, "_CONNECT_SECONDS"),
    (database, "_STATEMENT_SECONDS"),
    (database, "_FIRST_WAIT"),
    (database, "_LONGEST_WAIT"),
    (process, "HEARTBEAT_SECONDS"),
    (claims, "LEASE"),
)
CONNECTIONS = 80  # what db.t4g.micro has
BURSTS = ((200, 2.0, 0.1), (1000, 5.0, 0.05), (5000, 60.0, 0.3))  # files, within seconds, at which speed


class Hoarding(Database):
    """As it was before: no wait for a connection, and none given back."""

    async def rows(
        self, statement: str, *arguments: object, patience: float | None = None
    ) -> list[asyncpg.Record]:
        return await super().rows(statement, *arguments, patience=0.0)

    async def close(self) -> None:
        """Not while the process lives."""


class Waiting(Database):
    """A wait for a connection, but none given back before the server takes it."""

    async def close(self) -> None:
        """Left to the server."""


class Strategy:
    """One way of meeting a burst."""

    def __init__(self, name: str, kind: type[Database], admission: Admission, connections: int = CONNECTIONS):
        self.name, self.kind, self.admission, self.connections = name, kind, admission, connections


STRATEGIES = {
    "unlimited": Strategy("now, 1,200 connections", Database, Admission(), 1200),
    "before": Strategy("before", Hoarding, Admission()),
    "now": Strategy("now", Database, Admission()),
    "waiting": Strategy("waiting alone", Waiting, Admission()),
    "reserved": Strategy("before, 60 reserved", Hoarding, Admission(most=60, backs_off=True)),
    "queue": Strategy("now, a queue before it", Database, Admission(most=60, first=5, more_each_second=5)),
}


class Server:
    """A PostgreSQL as the stack's: its role made by `migrate`, its connections counted."""

    def __init__(self, postgres: Postgres, strategy: Strategy, clock: Clock):
        self._postgres, self._way, self._clock = postgres, strategy, clock
        self.secret = replace(postgres.admin, username=roles.APPLICATION_ROLE, password="burst").to_secret()
        self.ca_file = str(postgres.ca_file)

    async def prepare(self) -> None:
        """Resize it, and empty its table."""
        admin = await connect(self._postgres.admin, self.ca_file)
        await admin.execute(f"ALTER SYSTEM SET max_connections = {self._way.connections}")
        await admin.close()
        await asyncio.to_thread(self._postgres.stop)
        await asyncio.to_thread(self._postgres.start)
        self._admin = await connect(self._postgres.admin, self.ca_file)
        await migrations.apply(self._admin)
        await roles.grant(self._admin)
        await roles.set_password(self._admin, roles.APPLICATION_ROLE, "burst")
        idle = 0 if self._way.kind is Hoarding else round(1000 * database.IDLE_SECONDS)
        await self._admin.execute(f"ALTER ROLE {roles.APPLICATION_ROLE} SET idle_session_timeout = {idle}")
        if self._way.kind is Hoarding:
            await self._admin.execute(f"ALTER ROLE {roles.APPLICATION_ROLE} CONNECTION LIMIT -1")
        await self._admin.execute("TRUNCATE file_metadata")

    async def watch(self, figures: Figures) -> None:
        """Keep the highest number of the workers' connections, until cancelled."""
        while True:
            now = await self._admin.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE usename = $1", roles.APPLICATION_ROLE
            )
            figures.most_connections = max(figures.most_connections, now)
            await self._clock.sleep(0.1)

    async def verdicts(self) -> int:
        """How many files are finished."""
        count: int = await self._admin.fetchval(
            "SELECT count(*) FROM file_metadata WHERE finished_at IS NOT NULL"
        )
        await self._admin.close()
        return count


def slowed(rate: float, figures: Figures) -> ExitStack:
    """The function's own times on the slow clock, and its refused connections counted."""
    stack = ExitStack()
    for module, name in TIMES:
        stack.enter_context(mock.patch.object(module, name, getattr(module, name) / rate))
    original = database.connect

    async def counted(*arguments: object) -> object:
        figures.attempts += 1
        try:
            return await original(*arguments)  # type: ignore[arg-type]
        except database.NO_SLOT:
            figures.refused += 1
            raise

    stack.enter_context(mock.patch.object(database, "connect", counted))
    return stack


async def simulate(
    postgres: Postgres, strategy: Strategy, count: int, seconds: float, rate: float
) -> Figures:
    """Upload `count` files evenly within `seconds`, and wait for the end of the last."""
    figures, clock = Figures(count), Clock(rate)
    with slowed(rate, figures):
        server = Server(postgres, strategy, clock)
        await server.prepare()
        service = Lambda(
            lambda: Environment(strategy.kind(lambda: server.secret, server.ca_file), clock),
            clock,
            figures,
            strategy.admission,
        )
        beside = [
            asyncio.create_task(server.watch(figures)),
            asyncio.create_task(clock.run(lambda: service.working > 0 or clock.now() < seconds)),
        ]
        async with asyncio.TaskGroup() as events:
            for number, obj in enumerate(files(count)):
                await clock.until(seconds * number / count)
                events.create_task(service.event(obj))
        for task in beside:
            task.cancel()
        await asyncio.wait(beside)
        assert await server.verdicts() == count - figures.dead_letters
        service.close()
    return figures


def rows(strategies: list[str], bursts: Sequence[tuple[int, float, float]]) -> Iterator[dict[str, object]]:
    """Every burst in every way; told as they come."""
    with Processes() as processes, closing(Postgres(processes)) as postgres:
        postgres.create()
        for count, seconds, rate in bursts:
            for strategy in strategies:
                began = time.monotonic()
                figures = asyncio.run(simulate(postgres, STRATEGIES[strategy], count, seconds, rate))
                yield {
                    "burst": f"{count:,} in {seconds:.0f} s",
                    "way": STRATEGIES[strategy].name,
                    **figures.document(),
                    "(took)": f"{time.monotonic() - began:.0f} s",
                }


def main() -> None:
    """Print the table, a line at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ways", nargs="+", choices=STRATEGIES, default=["unlimited", "before", "now"])
    parser.add_argument("--bursts", nargs="+", type=int, choices=range(3), default=range(3))
    words = parser.parse_args()
    for number, row in enumerate(rows(words.strategies, [BURSTS[number] for number in words.bursts])):
        if not number:
            print(f"| {' | '.join(row)} |\n|{' --- |' * len(row)}", flush=True)
        print(f"| {' | '.join(map(str, row.values()))} |", flush=True)


if __name__ == "__main__":
    main()
