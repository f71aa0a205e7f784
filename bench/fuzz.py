"""Any bytes at all, for as long as you like: the scan must end in a verdict, and not depend on its batches.

    uv run python -m bench.fuzz [--minutes 10] [--seed 1]

Inputs are pieces of CSV grammar, noise, and mutations of both, so that most of them get far into the reader.
A failing input is printed as a Python literal.
"""

import argparse
import gzip
import random
import time
from collections.abc import Callable

from function.domain.content import Profile
from function.domain.errors import FileError
from function.domain.instructions import Options
from function.scan.reading import Reading

MARKS = [
    '"',
    "'",
    ",",
    ";",
    "\t",
    "|",
    "\n",
    "\r\n",
    "\r",
    " ",
    "#",
    "//",
    "\\",
    '\\"',
    "\0",
    "\ufeff",
    "\x1a",
]
TEXTS = [
    "ä",
    "日本",
    "a",
    "1",
    "2024-01-01",
    "1.5",
    "x,y\n",
    '"",',
    '"a\nb",',
    "sep=;\n",
    "a,b,c\n",
    "1,2,3\n",
    ",,\n",
    "Total,1,2\n",
    "kg,cm,s\n",
    "--,--,--\n",
]
PIECES = MARKS + TEXTS
ENCODINGS = ["utf-8", "utf-8", "utf-8", "utf-16", "utf-16-le", "utf-32", "cp1252", "cp932", "gb18030"]
LENIENT = Options(max_rejected=None, max_ragged=None)
SLOW = 5.0  # seconds that no such small file may take


def invent(draw: random.Random) -> bytes:
    pieces = draw.choices(PIECES, weights=[draw.random() ** 3 for _ in PIECES], k=draw.randrange(1, 400))
    data = "".join(pieces).encode(draw.choice(ENCODINGS), "replace")
    for _ in range(draw.choice([0, 0, 1, 10])):
        at = draw.randrange(len(data) + 1)
        data = data[:at] + draw.randbytes(draw.randrange(4)) + data[at + draw.randrange(3) :]
    return gzip.compress(data) if draw.random() < 0.05 else data


def verdict(data: bytes, batch: int) -> tuple[Profile | None, str | None]:
    reading, error = Reading(LENIENT, batch=batch), None
    try:
        reading.read([data])
    except FileError as raised:
        error = f"{raised.code} {raised.line} {raised.message}"
    return reading.profile(), error


def check(data: bytes) -> None:
    began = time.perf_counter()
    whole = verdict(data, 1 << 22)
    assert time.perf_counter() - began < SLOW, "too slow"
    assert whole[0] or whole[1], "no verdict"
    if whole[0]:
        records = whole[0].records
        assert sum(records.lines.values()) == records.physical_lines, "a line is not accounted for"
    assert verdict(data, 16) == whole, "the verdict depends on the size of batches"


def attempt(data: bytes, test: Callable[[bytes], None]) -> bool:
    try:
        test(data)
    except Exception as error:
        print(f"{type(error).__name__}: {error}\n{data!r}\n")
        return False
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    draw, end = random.Random(given.seed), time.monotonic() + 60 * given.minutes
    files = failures = 0
    while time.monotonic() < end:
        files += 1
        failures += not attempt(invent(draw), check)
    print(f"{files:,} files, {failures} failures")
    raise SystemExit(failures > 0)


if __name__ == "__main__":
    main()
