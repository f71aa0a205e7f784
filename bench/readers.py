"""Readers side by side on a corpus of messy files with known answers.

    CSV_CORPUS=path/to/corpus uv run --group bench python -m bench.readers

The corpus is a folder with `score.py`, which calls each adapter on each file in a process of its own and
judges what it returns; the adapters below are what `score.py --adapter` takes. For every reader the settings
are those that a careful user would start with.
"""

import csv
import gzip
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Answer = dict[str, Any]


def ours(path: str) -> Answer:
    from function.domain.instructions import Options
    from function.scan import scan

    result = scan(_chunks(path), Options(max_rejected=None, max_ragged=None))
    if result.error or not result.profile:
        return {"status": "error", "error": str(result.error)}
    profile = result.profile
    return {
        "status": "ok",
        "rows": profile.rows,
        "columns": [column.name for column in profile.columns],
        "delimiter": profile.dialect.delimiter,
        "encoding": profile.dialect.encoding,
        "warnings": [caution.code for caution in profile.warnings],
        "rejected": profile.records.rejected,
    }


def polars(path: str) -> Answer:
    import polars as pl

    frame = pl.read_csv(path, infer_schema=False)
    return {"rows": frame.height, "columns": frame.columns}


def duckdb(path: str) -> Answer:
    import duckdb

    found = duckdb.query("FROM read_csv(?, all_varchar = true)", params=[path])
    assert found is not None
    return {"rows": len(found.fetchall()), "columns": found.columns}


def pandas(path: str) -> Answer:
    import pandas as pd

    frame = pd.read_csv(path, dtype=str)
    return {"rows": len(frame), "columns": [str(name) for name in frame.columns]}


def python(path: str) -> Answer:
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", newline="", encoding="utf-8-sig") as file:
        sample = file.read(1 << 16)
        file.seek(0)
        dialect = csv.Sniffer().sniff(sample)
        rows = [row for row in csv.reader(file, dialect) if row]
    header = csv.Sniffer().has_header(sample)
    width = max(map(len, rows))
    return {
        "rows": len(rows) - header,
        "columns": rows[0] if header else [f"column_{n}" for n in range(width)],
    }


READERS: tuple[Callable[[str], Answer], ...] = (ours, polars, duckdb, pandas, python)


def _chunks(path: str) -> Iterator[bytes]:
    with Path(path).open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk


def main() -> int:
    """Run the corpus' own judge over all readers."""
    corpus = os.environ.get("CSV_CORPUS")
    if not corpus or not (Path(corpus) / "score.py").is_file():
        print("CSV_CORPUS must name the folder of a corpus with its score.py", file=sys.stderr)
        return 2
    adapters = [word for reader in READERS for word in ("--adapter", f"bench.readers:{reader.__name__}")]
    judge = [sys.executable, str(Path(corpus) / "score.py"), *adapters, *sys.argv[1:]]
    return subprocess.run(judge, check=False, env={**os.environ, "PYTHONPATH": str(Path.cwd())}).returncode


if __name__ == "__main__":
    sys.exit(main())
