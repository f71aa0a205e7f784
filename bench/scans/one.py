"""One reader reads one table, in this process: what `bench.scans.compare` starts.

    python -m bench.scans.one READER PATH [ENDPOINT]

Prints rows, seconds of CPU and of wall time, and the most memory held in MB as a JSON document. What is imported,
and whatever else only the first table costs, is paid for by a small one before.
"""

import json
import resource
import sys
import time
from pathlib import Path

from bench.handlers.environment import peak_mb
from bench.scans.readers import READERS, Place
from bench.scans.s3_server import SMALL

_MOST_BYTES = 12 * 10**9


def main() -> None:
    name, path, *endpoint = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_BYTES, _MOST_BYTES))
    read = READERS[name]
    read(Place(SMALL, *endpoint))
    cpu, wall = time.process_time(), time.perf_counter()
    rows = read(Place(Path(path), *endpoint))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(json.dumps({"rows": rows, "cpu": cpu, "wall": wall, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
