"""A table and a bucket of a million versions: how long a reconciliation and the operators' questions take.

    make size

The table is a real PostgreSQL, filled by a statement; the listing is made up page by page, as S3 would send it.
"""

import argparse
import asyncio
import json
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from function.aws.limits import resident_memory
from function.domain.fanout import Progress
from function.domain.model import Deadline, Document, Effect, Upload
from function.domain.outcome import Outcome
from function.pipeline.reconcile import Passes, ReconcileReport, Request
from function.postgres import migrations
from function.postgres.database import Database
from function.postgres.register import Register
from local.postgres.server import Postgres
from local.processes.group import Processes
from tests.support.administrator import admin
from tests.support.examples import OBJECT

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
DIGEST = "0" * 64  # of every tenth row
# Two a minute, the latest just now; a result as long as that of a table of twelve columns.
FILL = """
INSERT INTO file_metadata
       (bucket, filename, version_id, etag, size_bytes, uploaded_at, stamped_name, claimed_by, received_at,
        started_at, status, "timestamp", finished_at, sha256, result, result_key, backup_key, notified_at,
        series, row_count, summary)
SELECT 'in', format('in/%s/%s.csv', n / 1000, n), n, n, 1000, t, n, 'x', t, t, 'succeeded', t,
       CASE WHEN n % 5000 <> 7 THEN t END, CASE WHEN n % 10 = 0 THEN $3 ELSE repeat(md5(n::text), 2) END,
       $2::jsonb, 'results/' || lpad(n::text, 8, '0'), 'backup/' || lpad(n::text, 8, '0'), t,
       format('in/%s/#.csv', n % 50), n, (SELECT jsonb_agg(jsonb_build_array('column ' || c, 'string', 0))
                                            FROM generate_series(1, 20) c)
  FROM generate_series(1, $1::int) n, LATERAL (SELECT now() - interval '30 s' * ($1 - n) AS t)
"""


@dataclass(slots=True)
class Listing:
    """Implements `reconcile.Inventory`: a bucket that has exactly what the table says, and nothing in memory.

    Attributes:
        size: how many versions, results and backups there are.
        stop_after: pages until the time is up; None for never.
        pages: how many were asked for.
    """

    size: int
    stop_after: int | None = None
    pages: int = 0
    passes: Passes | None = None

    async def versions(
        self, bucket: str, prefix: str, after: Document | None, limit: int
    ) -> tuple[list[Upload], Document | None]:
        numbers, more = self._page(int(after["VersionIdMarker"]) if after else 0, limit)
        page = [Upload(bucket, f"in/{n // 1000}/{n}.csv", str(n), str(n), 1000, LONG_AGO) for n in numbers]
        return page, {"KeyMarker": page[-1].key, "VersionIdMarker": page[-1].version_id} if more else None

    async def keys(
        self, bucket: str, prefix: str, after: str, limit: int
    ) -> tuple[list[tuple[str, datetime]], bool]:
        numbers, more = self._page(int(after.rpartition("/")[2] or 0), limit)
        return [(f"{prefix}{n:08}", LONG_AGO) for n in numbers], more

    async def find(self, bucket: str, key: str, version_id: str | None) -> Upload | None:
        raise AssertionError("nothing is missing")

    def _page(self, after: int, limit: int) -> tuple[range, bool]:
        self.pages += 1
        if self.passes and self.pages == self.stop_after:
            self.passes.deadline = Deadline(time.monotonic() - 1)
        end = min(after + limit, self.size)
        return range(after + 1, end + 1), end < self.size


async def reconcile(
    database: Database, listing: Listing, position: Document | None = None
) -> ReconcileReport:
    """Hold the listing against the table, from a position on; what is unfinished is left so."""

    async def process(upload: Upload, deadline: Deadline) -> Outcome:
        return Outcome(OBJECT, "processing")

    async def progress(execution: str) -> Progress:
        raise AssertionError("no execution has a file")

    places = {Effect.RESULT: ("out", "results/"), Effect.BACKUP: ("back", "backup/")}
    request = Request("in", grace=timedelta(0), position=position)
    never = Deadline(float("inf"))
    passes = Passes(listing, Register(database), places, process, progress, request, never)
    listing.passes = passes
    return await passes.run()


async def fill(server: Postgres, rows: int) -> None:
    """Migrate, and make so many rows."""
    columns = [{"name": f"column {n}", "type": "string", "min": "abc", "max": "xyz"} for n in range(12)]
    async with admin(server) as connection:
        await migrations.apply(connection)
        await connection.execute(FILL, rows, json.dumps({"csv": {"columns": columns}}), DIGEST, timeout=600)
        await connection.execute("VACUUM ANALYZE file_metadata", timeout=600)


async def measure(server: Postgres, rows: int) -> None:
    """Print a line for each pass and each question."""
    began = time.monotonic()
    await fill(server, rows)
    print(f"{rows:,} rows made in {time.monotonic() - began:.0f} s", flush=True)
    database = Database(server.admin.to_secret, str(server.ca_file))
    position: Any = {"pass": "uploads", "after": None}
    while position:
        listing = Listing(rows, stop_after=1 + 100_000 // 500)
        began = time.monotonic()
        name, position = position["pass"], (await reconcile(database, listing, position)).position
        took = time.monotonic() - began
        print(
            f"from {name}: {listing.pages} pages, {took:.1f} s, {resident_memory() / 1e6:.0f} MB", flush=True
        )
    register = Register(database)
    for hours in (24, 24 * 30, 24 * 3650):
        await _ask(
            f"status --hours {hours}", lambda hours=hours: register.status("in", timedelta(hours=hours))
        )
    for prefix in ("", "in/", "in/2/", "none/"):
        await _ask(f"history {prefix!r}", lambda prefix=prefix: register.history("in", prefix, 100))
    await database.close()


async def _ask(what: str, question: Any) -> None:
    took = []
    for _ in range(5):
        began = time.perf_counter()
        await question()
        took.append(1000 * (time.perf_counter() - began))
    print(f"{what}: {min(took):.0f} to {max(took):.0f} ms", flush=True)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with Processes() as processes, closing(Postgres(processes)) as server:
        server.create()
        asyncio.run(measure(server, rows))


if __name__ == "__main__":
    main()
