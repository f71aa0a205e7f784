"""A figure: all readers on one table, by turns.

python -m bench.scans.compare SHAPE MEGABYTES ROUNDS file|s3 FOLDER
"""

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.scans.readers import READERS
from bench.scans.s3_server import BUCKET, client, s3_server
from bench.scans.tables import Table, table

_SECONDS = 300  # for one reader and one table of a gigabyte
_NOT_FROM_S3 = {"duckdb"}


def main() -> None:
    """Print the figure's facts and rounds."""
    shape, megabytes, rounds, source, folder = sys.argv[1:]
    made = table(shape, int(megabytes) * 10**6, Path(folder))
    readers = [name for name in READERS if source == "file" or name not in _NOT_FROM_S3]
    with ExitStack() as opened:
        endpoint = []
        if source == "s3":
            endpoint = [opened.enter_context(s3_server())]
            client(endpoint[0]).upload_file(str(made.path), BUCKET, made.path.name)
        measured = [{name: _measure(name, made, endpoint) for name in readers} for _ in range(int(rounds))]
    facts = {"rows": made.rows, "bytes": made.size, "stored_bytes": made.path.stat().st_size}
    print(json.dumps({"facts": facts, "rounds": measured}))


def _measure(name: str, made: Table, endpoint: list[str]) -> dict[str, Any]:
    """Run one reader; `{"error": ...}` if it failed, took too long or counted wrong."""
    command = [sys.executable, "-m", "bench.scans.one", name, str(made.path), *endpoint]
    seconds = _SECONDS * max(1.0, made.size / 10**9)
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return {"error": f"not done after {seconds:.0f} s"}
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"ended with status {done.returncode}"]
        return {"error": said[-1][:200]}
    sample: dict[str, Any] = json.loads(done.stdout)
    if sample["rows"] not in (made.rows, None):
        return {"error": f"counted {sample['rows']:,} rows of {made.rows:,}"}
    return sample


if __name__ == "__main__":
    main()
