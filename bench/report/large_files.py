"""A model of large files on AWS, from the seconds of one part that were measured here: time and dollars.

    uv run python -m bench.report.large_files SECONDS_OF_A_PART SECONDS_OF_ONE_GB

Nothing of it was measured on AWS. List prices of eu-central-1: Lambda as in `cost`; Step Functions Express $1.00 a
million requests and $0.00001667 a GB-second of 64 MB, by 100 ms; Standard $0.025 a thousand transitions, of which each
workflow that a Distributed Map starts is one, Express or not ("Transitions", AWS Step Functions); S3 $0.0054 a
thousand PUTs and $0.00043 a thousand GETs.
"""

import math
import sys
from dataclasses import dataclass

from bench.report.cost import dollars
from bench.report.markdown import number, table

PART_BYTES = 64 * 2**20
PART_MB, FINISH_MB = 1769, 1024  # one processor, and the default of the finish function
COLD_SECONDS = 1.5  # of the first invocation in an environment, with the start of the image
MERGE_SECONDS = 0.01  # for each part of ten columns, with the GET of its result
STEPS_SECONDS = 2.0  # of the state machine, plan and finish
LONGEST_SECONDS = 900
_STATES = 6  # that an execution enters, with its start
_GETS, _PUTS = 3, 1  # of a part: plan, its range, and its result in the merge; its result


@dataclass(frozen=True, slots=True)
class LargeFile:
    """One file, read in parts.

    Attributes:
        gigabytes: its size, in 10^9 bytes.
        at_once: parts that are read concurrently.
        part_seconds: of one part.
    """

    gigabytes: float
    at_once: int
    part_seconds: float

    @property
    def parts(self) -> int:
        """How many there are."""
        return math.ceil(self.gigabytes * 10**9 / PART_BYTES)

    @property
    def seconds(self) -> float:
        """From the upload to the message: waves of parts, then the merge."""
        waves = math.ceil(self.parts / self.at_once)
        return STEPS_SECONDS + COLD_SECONDS + waves * self.part_seconds + self.parts * MERGE_SECONDS

    @property
    def dollars(self) -> float:
        """Of Lambda, Step Functions and the requests to S3; without storage, and the endpoint by the month."""
        cold = min(self.parts, self.at_once) * COLD_SECONDS / self.parts
        read = dollars(self.part_seconds + cold, PART_MB, self.parts)
        finish = dollars(STEPS_SECONDS + self.parts * MERGE_SECONDS, FINISH_MB, 3)
        started = math.ceil(round(10 * (self.part_seconds + cold), 6)) / 10
        express = self.parts * (1e-6 + started * 0.0625 * 0.00001667)
        transitions = (self.parts + _STATES) * 0.025 / 1000
        requests = self.parts * (_PUTS * 0.0054 + _GETS * 0.00043) / 1000
        return read + finish + express + transitions + requests


def one_piece(gigabytes: float, seconds_of_a_gigabyte: float) -> tuple[float, float]:
    """Seconds and dollars of the same file in one invocation of the worker, at the size of a part's function."""
    seconds = COLD_SECONDS + gigabytes * seconds_of_a_gigabyte
    return seconds, dollars(seconds, PART_MB, 1)


def rows(part_seconds: float, seconds_of_a_gigabyte: float) -> list[list[str]]:
    """Of files of 1, 10 and 100 GB."""
    found = []
    for gigabytes in (1, 10, 100):
        seconds, cost = one_piece(gigabytes, seconds_of_a_gigabyte)
        one = [
            f"{number(seconds)} s, ${cost:.4f}" if seconds < LONGEST_SECONDS else "longer than Lambda allows"
        ]
        files = [LargeFile(gigabytes, at_once, part_seconds) for at_once in (100, 1000)]
        cells = [f"{number(each.seconds)} s, ${each.dollars:.4f}" for each in files]
        found.append([str(gigabytes), f"{files[0].parts:,}", *one, *cells])
    return found


def main() -> None:
    """Print the table."""
    part_seconds, gigabyte = map(float, sys.argv[1:])
    print(table(["GB", "parts", "one piece", "100 at once", "1,000 at once"], rows(part_seconds, gigabyte)))


if __name__ == "__main__":
    main()
