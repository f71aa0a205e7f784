"""A large file read in parts by several processes, beside the same file read in one piece.

    uv run python -m bench.fanout [--gigabytes 10] [--processes 2] [--part-megabytes 64] [--into FOLDER]

The file is generated: mixed columns, and a quoted line end in one record of ten. Parts travel as JSON between the
processes and the merge, as in AWS. Prints rows, CPU seconds, wall time and peak memory of both ways, and whether
profile and size are the same; the status is 1 if not.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.handlers.environment import peak_mb
from function.domain.content import Scan
from function.scan import Options, scan
from function.scan.parts import wire
from function.scan.parts.merge import merge
from function.scan.parts.model import Merged, Plan
from function.scan.parts.part import read_part
from function.scan.parts.plan import plan

_MEGABYTE = 1 << 20
_RECORDS = 100_000  # that are written at a time


def write(path: Path, size: int) -> None:
    """Generate the file."""
    with path.open("wb") as file:
        file.write(b"id,name,amount,day,active,remark\n")
        number = 0
        while file.tell() < size:
            file.write(b"".join(map(_record, range(number, number + _RECORDS))))
            number += _RECORDS


def _record(number: int) -> bytes:
    remark = b'"a remark,\nover two lines"' if number % 10 == 0 else b"a remark"
    name, cents, active = number % 977, number * 7 % 100_000, (b"true", b"false")[number % 2]
    day = b"2024-%02d-%02d" % (1 + number % 12, 1 + number % 28)
    return b"%d,name %d,%d.25,%b,%b,%b\n" % (number, name, cents, day, active, remark)


def chunks(path: Path, offset: int = 0) -> Iterator[bytes]:
    """The stored bytes from an offset on."""
    with path.open("rb") as file:
        file.seek(offset)
        while chunk := file.read(_MEGABYTE):
            yield chunk


def whole(path: str) -> tuple[Scan, float, float]:
    """Read in one piece: (the scan, CPU seconds, peak memory in MB)."""
    began = time.process_time()
    found = scan(chunks(Path(path)))
    return found, time.process_time() - began, peak_mb()


def part(path: str, planned: dict[str, Any], number: int) -> tuple[bytes, float, float]:
    """Read one part: (its document, CPU seconds, peak memory in MB)."""
    began = time.process_time()
    made = wire.plan_of(planned)
    found = read_part(made, number, lambda offset: chunks(Path(path), offset))
    document = wire.pack(*wire.part_document(found))
    return document, time.process_time() - began, peak_mb()


def merged(made: Plan, documents: list[bytes]) -> tuple[Scan | None, float]:
    """Merge the documents: (the scan, None if the parts do not fit, CPU seconds)."""
    began = time.process_time()
    found = merge(made, (wire.part_of(*wire.unpack(document)) for document in documents))
    return (found.scan if isinstance(found, Merged) else None), time.process_time() - began


def compare(path: Path, part_bytes: int, processes: int) -> bool:
    """Read the file both ways and print what each took."""
    spawn = get_context("spawn")
    began = time.perf_counter()
    with ProcessPoolExecutor(1, spawn) as pool:
        one, cpu_whole, peak_whole = pool.submit(whole, str(path)).result()
    wall_whole = time.perf_counter() - began
    began, began_cpu = time.perf_counter(), time.process_time()
    made = plan(chunks(path), path.stat().st_size, Options(), part_bytes)
    if made is None:
        raise SystemExit("the file cannot be read in parts")
    cpu_plan = time.process_time() - began_cpu
    with ProcessPoolExecutor(processes, spawn) as pool:
        read = list(pool.map(part, repeat(str(path)), repeat(wire.plan_document(made)), range(made.count)))
    found, cpu_merge = merged(made, [document for document, _, _ in read])
    wall_parts, cpu_parts = time.perf_counter() - began, sum(cpu for _, cpu, _ in read)
    same = found is not None and found.profile == one.profile and found.error is None
    rows = one.profile.rows if one.profile else 0
    print(
        f"{path.stat().st_size:,} bytes, {rows:,} rows, {made.count} parts, {processes} processes: same: {same}"
    )
    print(f"one piece: CPU {cpu_whole:.1f} s, wall {wall_whole:.1f} s, peak {peak_whole:.0f} MB")
    cpu = cpu_plan + cpu_parts + cpu_merge
    print(
        f"in parts: CPU {cpu:.1f} s ({100 * (cpu / cpu_whole - 1):+.1f} %), of it merge {cpu_merge:.2f} s;"
        f" wall {wall_parts:.1f} s ({wall_whole / wall_parts:.2f} times as fast);"
        f" a part: CPU {cpu_parts / made.count:.2f} s, peak {max(peak for _, _, peak in read):.0f} MB,"
        f" {max(len(document) for document, _, _ in read):,} bytes of result"
    )
    return same


def main() -> None:
    """The command."""
    arguments = argparse.ArgumentParser(prog="bench.fanout")
    arguments.add_argument("--gigabytes", type=float, default=10)
    arguments.add_argument("--processes", type=int, default=2)
    arguments.add_argument("--part-megabytes", type=int, default=64)
    arguments.add_argument("--into", help="where the file is written, by default a temporary folder")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir=given.into) as folder:
        path = Path(folder) / "large.csv"
        write(path, int(given.gigabytes * 10**9))
        sys.exit(0 if compare(path, given.part_megabytes * _MEGABYTE, given.processes) else 1)


if __name__ == "__main__":
    main()
