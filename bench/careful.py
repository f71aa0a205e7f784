"""What costs more than its bytes: wide tables, blank lines, damage in every record, many small files.

    uv run --group bench python -m bench.careful [--case ragged] [--rounds 3]

Each reader reads the same generated file several times in a process of its own; the fewest seconds of CPU count.
Beside ours: DuckDB's SUMMARIZE, told to go on where it can, its sniffer alone, and the csv module, which knows
the dialect and only counts. Read them as ratios; `-` is a reader that gives the file up.
"""

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

RECORDS = 60_000  # of the cases that are counted by records
SMALL = 200  # files of 1 KB


class Case(NamedTuple):
    """A kind of file: what writes it, how many units it has, and what they are."""

    write: Callable[[Path], int]
    unit: str


def _records(count: int, form: str) -> Iterator[str]:
    """Records of six columns; `form` has a place for each of them."""
    draw = random.Random(1)
    for number in range(count):
        words = draw.choice(("red", "green", "dark blue", "")), draw.choice(("ok", "late again", "none"))
        day = f"2024-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        yield form.format(number, draw.randint(1, 10**6), f"{draw.random() * 1000:.2f}", day, *words)


def _table(form: str, count: int = RECORDS, end: str = "\n") -> Callable[[Path], int]:
    def write(path: Path) -> int:
        lines = ["id,number,amount,day,colour,note", *_records(count, form)]
        path.write_text(end.join(lines) + end)
        return count

    return write


def _ragged(path: Path) -> int:
    short, long = "{0},{1},{2},{3},{4}", "{0},{1},{2},{3},{4},{5},more"
    rows = zip(_records(RECORDS // 2, short), _records(RECORDS // 2, long), strict=True)
    start = ["id,number,amount,day,colour,note", *_records(400, "{0},{1},{2},{3},{4},{5}")]
    path.write_text("\n".join([*start, *(row for pair in rows for row in pair)]) + "\n")
    return RECORDS


def _wide(columns: int, records: int) -> Callable[[Path], int]:
    """Numbers, decimals, dates, words, flags and empty columns by turns."""

    def write(path: Path) -> int:
        draw = random.Random(2)
        makers: tuple[Callable[[], str], ...] = (
            lambda: str(draw.randint(1, 10**6)),
            lambda: f"{draw.random():.4f}",
            lambda: f"2024-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
            lambda: draw.choice(("red", "green", "dark blue")),
            lambda: draw.choice(("true", "false")),
            lambda: "",
        )
        kinds = [makers[column % len(makers)] for column in range(columns)]
        with path.open("w") as file:
            file.write(",".join(f"name_{column}" for column in range(columns)) + "\n")
            for _ in range(records):
                file.write(",".join(make() for make in kinds) + "\n")
        return columns

    return write


def _blank(path: Path) -> int:
    """A table of a few records, and blank lines behind it."""
    start = "\n".join(["id,number,amount,day,colour,note", *_records(400, "{0},{1},{2},{3},{4},{5}")])
    path.write_text(start + "\n" * 4_000_000)
    return path.stat().st_size


def _small(path: Path) -> int:
    path.mkdir()
    for number in range(SMALL):
        _table("{0},{1},{2},{3},{4},{5}", 25)(path / f"{number}.csv")
    return SMALL


PLAIN = "{0},{1},{2},{3},{4},{5}"
CASES: dict[str, Case] = {
    "plain": Case(_table(PLAIN), "records"),
    "quoted": Case(_table('{0},{1},{2},{3},"{4}","{5}, ""so"""'), "records"),
    "wide 2,000": Case(_wide(2_000, 100), "columns"),
    "wide 10,000": Case(_wide(10_000, 100), "columns"),
    "blank lines": Case(_blank, "bytes"),
    "blank lines between": Case(_table(PLAIN, end="\n\n"), "records"),
    "ragged": Case(_ragged, "records"),
    "stray quotes": Case(_table('{0},{1},{2},{3},"{4}","so "{5}" it"'), "records"),
    "unclosed quotes": Case(_table('{0},{1},{2},{3},{4},"{5}'), "records"),
    "backslash escapes": Case(_table('{0},{1},{2},{3},"{4}","so \\"{5}\\" it"'), "records"),
    "small files": Case(_small, "files"),
}


def ours(path: str) -> None:
    from function.scan import Options, scan

    with Path(path).open("rb") as file:
        scan(iter(lambda: file.read(1 << 20), b""), Options(max_rejected=None, max_ragged=None))


def summarize(path: str) -> None:
    import duckdb

    read = "SUMMARIZE FROM read_csv(?, ignore_errors = true, null_padding = true, parallel = false)"
    duckdb.query(read, params=[path])


def sniffer(path: str) -> None:
    import duckdb

    duckdb.query("FROM sniff_csv(?)", params=[path]).fetchall()


def python(path: str) -> None:
    with Path(path).open(newline="") as file:
        sum(1 for _ in csv.reader(file))


READERS: dict[str, Callable[[str], None]] = {
    "ours": ours,
    "summarize": summarize,
    "sniffer": sniffer,
    "csv": python,
}


def run(name: str, path: Path, rounds: int) -> None:
    """Print the fewest seconds of CPU that the reader takes; what is imported is not counted."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    READERS[name](str(files[0]))
    seconds = []
    for _ in range(rounds):
        start = time.process_time()
        for file in files:
            READERS[name](str(file))
        seconds.append(time.process_time() - start)
    print(json.dumps(min(seconds)))


def measure(name: str, path: Path, rounds: int) -> float | None:
    """Run one reader in a process of its own; None if it fails."""
    arguments = ["--reader", name, "--file", str(path), "--rounds", str(rounds)]
    done = subprocess.run(
        [sys.executable, "-m", "bench.careful", *arguments], check=False, capture_output=True
    )
    return float(json.loads(done.stdout)) if done.returncode == 0 else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--case", choices=CASES, action="append")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reader", choices=READERS)
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    if given.reader:
        run(given.reader, given.file, given.rounds)
        return
    print(f"{'units per CPU second':22}{'':8}" + "".join(f"{name:>12}" for name in READERS))
    for name in given.case or CASES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "table.csv"
            units = CASES[name].write(path)
            seconds = [measure(reader, path, given.rounds) for reader in READERS]
        rates = "".join(f"{units / each:12,.0f}" if each else f"{'-':>12}" for each in seconds)
        print(f"{name:22}{CASES[name].unit:8}{rates}", flush=True)


if __name__ == "__main__":
    main()
