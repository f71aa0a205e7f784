"""Files from strangers: each ends in a verdict, in bounded memory and CPU time."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.hostile.support.files import FILES
from tests.infra.support.program import ROOT

MEGABYTES = 512
SECONDS = 120  # of CPU, on a slow machine; the kernel ends the process beyond it

VERDICTS: dict[str, tuple[str | None, int | None]] = {
    "gzip 1,000:1": (None, 200 * (1 << 18)),
    "gzip 1,000,000:1": ("not_csv", None),
    "gzip members without content": (None, 1),
    "bzip2 members without content": (None, 1),
    "xz members without content": (None, 1),
    "zstd frames without content": (None, 1),
    "zip 1,000:1": (None, 200 * (1 << 18)),
    "zip in a zip": ("not_csv", None),
    "gzip in a zip": ("not_csv", None),
    "bzip2 of one letter": ("too_large", 0),
    "xz of one letter": ("too_large", 0),
    "zstd of one letter": ("too_large", 0),
    "xz with a dictionary of 1 GB": ("corrupt_compression", None),
    "zstd with a window of 2 GB": ("corrupt_compression", None),
    "zip with overlapping entries": ("corrupt_compression", 0),
    "zip with names of 64 KB": (None, 1),
    "20,000 columns": (None, 3),
    "a million columns": ("too_large", None),
    "5 GB of one field": ("too_large", 0),
    "5 GB of one record": ("too_large", None),
    "names of 10,000 characters": ("too_large", 0),
    "10 million distinct names": ("too_large", None),
    "quotes only": (None, 1),
    "a quote that is never closed": ("unbalanced_quote", 100 * (1 << 18)),
}


def read(name: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.support.reader", name, str(MEGABYTES), str(SECONDS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"ended by {done.returncode}: {done.stderr[-2000:]}"
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_has_a_verdict_within_512_mb_and_bounded_cpu_time(name: str) -> None:
    told = read(name)
    assert told["peak"] < MEGABYTES << 20
    assert (told["code"], told["rows"]) == VERDICTS[name]
