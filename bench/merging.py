"""The merge of very many parts: its CPU, its memory, and its reading ahead beside a bare GET of the same objects.

    uv run --group bench python -m bench.merging [--parts 8000] [--columns 10|100] [--stored 500]

Some parts are read by the function's own code from a real S3 server. What was found in them is repeated under other
numbers: `--parts` of them are merged from memory, and `--stored` of them from the server.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.fanout import chunks
from bench.handlers.environment import peak_mb
from bench.scans.s3_server import BUCKET, client, s3_server
from bench.scans.tables import table
from function.aws.fanout.merging import merge_parts
from function.aws.fanout.parts import Parts
from function.aws.fanout.work import Planned, Work
from function.domain.fanout import Item, part_key
from function.domain.model import CsvObject, Deadline
from function.scan import Options
from function.scan.parts import wire
from function.scan.parts.merge import merge
from function.scan.parts.model import Merged, Part, Plan
from function.scan.parts.plan import plan

_READ = 16  # parts that are read
_PART_BYTES = 8 << 20
_THREADS = 8  # as the merge has
_SHAPES = {10: "mixed", 100: "100 columns"}


@dataclass(frozen=True, slots=True)
class Server:
    """The server, and a table in it.

    Attributes:
        s3: a client.
        obj: the table.
        plan: how it is read in parts.
    """

    s3: Any
    obj: CsvObject
    plan: Plan

    @property
    def work(self) -> Work:
        """Where plans are, and results."""
        return Work(self.s3, BUCKET)

    def body(self, name: str, number: int) -> bytes:
        """The result of a part, as it is stored."""
        answer = self.s3.get_object(Bucket=BUCKET, Key=part_key(name, number))
        with closing(answer["Body"]) as body:
            return bytes(body.read())


def read(path: Path, endpoint: str) -> tuple[Server, list[bytes]]:
    """Upload the table and read its first parts: (the server, their results)."""
    s3 = client(endpoint)
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    with path.open("rb") as file:
        put = s3.put_object(Bucket=BUCKET, Key=path.name, Body=file)
    size, etag = path.stat().st_size, put["ETag"].strip('"')
    made = plan(chunks(path), size, Options(), _PART_BYTES)
    if made is None:
        raise SystemExit("the table cannot be read in parts")
    server = Server(s3, CsvObject(BUCKET, path.name, put["VersionId"], etag, size, datetime.now(UTC)), made)
    server.work.write_plan("read", Planned(server.obj, made, datetime.now(UTC)))
    deadline = Deadline(time.monotonic() + 600)
    began = time.process_time()
    for number in range(_READ):
        Parts(s3, server.work).read(Item("read", number), deadline)
    rate = _READ * _PART_BYTES / 1e6 / (time.process_time() - began)
    print(f"{_READ} parts of {_PART_BYTES >> 20} MB from S3: {rate:.0f} MB for each CPU second")
    return server, [server.body("read", number) for number in range(_READ)]


def renumbered(body: bytes, number: int) -> Part:
    """The part as if it were another one, of exactly its range."""
    part = wire.part_of(*wire.unpack(body))
    return replace(part, number=number, start=number * _PART_BYTES, stop=(number + 1) * _PART_BYTES)


def merged(plan_of_file: Plan, bodies: list[bytes], count: int) -> tuple[float, float]:
    """Merge so many: (CPU seconds, peak memory of the program in MB)."""
    made = replace(plan_of_file, size=count * _PART_BYTES)
    began = time.process_time()
    found = merge(made, _parts(bodies, count))
    if not isinstance(found, Merged):
        raise SystemExit(f"not merged: {found}")
    return time.process_time() - began, peak_mb()


def from_memory(server: Server, bodies: list[bytes], most: int) -> None:
    """Merge some, and very many, each in a program of its own, and print what that takes."""
    print(f"the result of a part has {max(map(len, bodies)):,} bytes")
    for count in (_READ, most // 10, most):
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            cpu, peak = pool.submit(merged, server.plan, bodies, count).result()
        print(f"{count:,} parts: CPU {cpu:.2f} s, {1000 * cpu / count:.2f} ms a part; peak {peak:.0f} MB")


def _parts(bodies: list[bytes], count: int) -> Iterator[Part]:
    return (renumbered(bodies[number % len(bodies)], number) for number in range(count))


def from_server(server: Server, bodies: list[bytes], count: int) -> None:
    """Merge what is stored, and print how long that takes beside a bare GET of it."""
    made = replace(server.plan, size=count * _PART_BYTES)
    server.work.write_plan("stored", Planned(server.obj, made, datetime.now(UTC)))
    with ThreadPoolExecutor(_THREADS) as threads:
        list(threads.map(lambda part: server.work.write_part("stored", part), _parts(bodies, count)))
        ratios, cpu = [], []
        for _ in range(3):
            began = time.perf_counter()
            list(threads.map(lambda number: server.body("stored", number), range(count)))
            bare, began, used = time.perf_counter() - began, time.perf_counter(), time.process_time()
            answer, reason = merge_parts(server.work, "stored", 1)
            if answer["state"] != "merged":
                raise SystemExit(f"not merged: {reason}")
            ratios.append((time.perf_counter() - began) / bare)
            cpu.append(time.process_time() - used)
    print(
        f"{count:,} parts from S3: the merge takes {sorted(ratios)[1]:.2f} times as long as a bare GET by"
        f" {_THREADS} threads; CPU {1000 * sorted(cpu)[1] / count:.2f} ms a part"
    )


def main() -> None:
    """The command."""
    arguments = argparse.ArgumentParser(prog="bench.merging")
    arguments.add_argument("--parts", type=int, default=8000)
    arguments.add_argument("--columns", type=int, choices=_SHAPES, default=10)
    arguments.add_argument("--stored", type=int, default=500)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, s3_server() as endpoint:
        made = table(_SHAPES[given.columns], _READ * _PART_BYTES + 2 * 10**6, Path(folder))
        server, bodies = read(made.path, endpoint)
        from_memory(server, bodies, given.parts)
        from_server(server, bodies, given.stored)


if __name__ == "__main__":
    main()
