"""The whole scan (count, profile, hash) beside DuckDB's SUMMARIZE and a typed streaming scan of polars.

    uv run --group bench python -m bench.throughput [--megabytes 1000] [--file existing.csv]

Each runs in a process of its own, one after the other, on the same file: MB per second of CPU and of wall
time, and the peak of resident memory. Read them as ratios.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROWS = 20_000  # different ones; the first column counts on


def ours(path: str) -> int:
    from function.scan import scan

    with Path(path).open("rb") as file:
        result = scan(iter(lambda: file.read(1 << 20), b""))
    assert result.error is None, result.error
    return result.profile.rows if result.profile else 0


def duckdb(path: str) -> int:
    import duckdb

    summary = duckdb.query("SUMMARIZE FROM read_csv(?)", params=[path])
    assert summary is not None
    return int(summary.fetchall()[0][-2])


def polars(path: str) -> int:
    import polars as pl

    every = pl.all()
    frame = pl.scan_csv(path, try_parse_dates=True).select(
        pl.len().alias("rows"), every.null_count().name.suffix("_nulls"), every.min().name.suffix("_min"),
        every.max().name.suffix("_max"),
    )  # fmt: skip
    return int(frame.collect(engine="streaming")["rows"][0])


READERS: dict[str, Callable[[str], int]] = {"ours": ours, "duckdb": duckdb, "polars": polars}


def generate(path: Path, megabytes: int) -> int:
    """Eleven columns of eight types, one record in eight with a quoted line end; the number of rows."""
    draw = random.Random(1)
    notes = ["ok", '"late, again"', '"said ""hi"""', '"line one\nline two"', "x", "fine", "", "none"]
    tails = [
        f",{draw.randint(1, 10**6)},{draw.random() * 1000:.3f},{draw.choice(['red', 'green', 'blue'])}"
        f",2024-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        f",2024-03-{draw.randint(1, 28):02}T{draw.randint(0, 23):02}:{draw.randint(0, 59):02}:00"
        f",{draw.choice(['true', 'false'])},{draw.random():.2f},{draw.choice(notes)},{draw.randint(0, 9)}"
        f",{draw.choice(['', 'x1', 'y2'])}\n"
        for _ in range(ROWS)
    ]
    rows = 0
    with path.open("w") as file:
        file.write("id,number,amount,colour,day,moment,flag,share,note,digit,code\n")
        while file.tell() < megabytes * 10**6:
            file.write("".join(f"{rows + number}{tail}" for number, tail in enumerate(tails)))
            rows += ROWS
    return rows


def measure(name: str, path: str) -> dict[str, float]:
    """Run one reader in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.throughput", "--reader", name, "--file", path],
        check=True,
        capture_output=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def run(name: str, path: str) -> None:
    cpu, wall = time.process_time(), time.perf_counter()
    rows = READERS[name](path)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "cpu": cpu, "wall": wall, "peak_mb": peak}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--file")
    parser.add_argument("--reader", choices=READERS)
    given = parser.parse_args()
    if given.reader:
        run(given.reader, given.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(given.file or f"{folder}/table.csv")
        if not given.file:
            generate(path, given.megabytes)
        size = path.stat().st_size / 1e6
        print(f"{'':10}{'rows':>12}{'MB/CPU s':>10}{'MB/s':>8}{'peak MB':>9}")
        for name in READERS:
            found = measure(name, str(path))
            print(
                f"{name:10}{found['rows']:12,.0f}{size / found['cpu']:10.1f}"
                f"{size / found['wall']:8.1f}{found['peak_mb']:9.0f}"
            )


if __name__ == "__main__":
    main()
