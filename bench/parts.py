"""Files read in parts, each beside the same file in one piece: which are the same, and which cannot be read so.

    uv run python -m bench.parts [FOLDER...] [--sizes 1,7,64,500,4096,16384,65536] [--most 100]
                                 [--generated 1000] [--seed 1]

Every file of the folders, and files drawn at random with damage at any place, are read in parts of each size in
bytes; not in more than `--most` parts. Prints for each size how many came out the same, how many have to be read
in one piece, and why; how often parts had to be read again. A difference is printed with its file, and the status
is then 1.
"""

import argparse
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from function.domain.content import Scan
from function.domain.instructions import Options
from function.scan import scan
from tests.support.parts.damaged import invent
from tests.support.parts.equality import differences, facts
from tests.support.parts.in_parts import InParts, in_parts

LENIENT = Options(max_rejected=None, max_ragged=None)
SAME, DIFFERENT = "the same", "DIFFERENT"


def _files(folders: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        for path in sorted(path for path in Path(folder).iterdir() if path.is_file()):
            yield str(path), path.read_bytes()


def _generated(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    draw = random.Random(seed)
    for number in range(count):
        data = invent(draw)
        yield f"generated {number} {data!r}", data


def _outcome(name: str, found: InParts, whole: Scan, data: bytes, part_bytes: int) -> str:
    if found.scan is None:
        return re.sub(r"part \d+: |[\d,]+ ", "", found.reason)
    differing = differences(facts(whole), found, data, part_bytes)
    if differing:
        print(f"{part_bytes} bytes a part: {differing}\n  {name}")
    return DIFFERENT if differing else SAME


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--sizes", default="1,7,64,500,4096,16384,65536")
    parser.add_argument("--most", type=int, default=100)
    parser.add_argument("--generated", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    outcomes: dict[int, Counter[str]] = defaultdict(Counter)
    rounds: Counter[int] = Counter()
    for name, data in (*_files(given.folders), *_generated(given.generated, given.seed)):
        whole = scan([data], LENIENT)
        for part_bytes in map(int, given.sizes.split(",")):
            if not part_bytes < len(data) <= given.most * part_bytes:
                continue
            found = in_parts(data, part_bytes, LENIENT)
            outcomes[part_bytes][_outcome(name, found, whole, data, part_bytes)] += 1
            rounds[found.rounds] += found.scan is not None
    for part_bytes, counted in outcomes.items():
        print(f"{part_bytes:>8,} bytes a part, {counted.total()} files: {dict(counted.most_common())}")
    print(f"rounds of reading again: {dict(sorted(rounds.items()))}")
    raise SystemExit(any(counted[DIFFERENT] for counted in outcomes.values()))


if __name__ == "__main__":
    main()
