"""The figures of the handlers: one file of a size, by turns through each of them.

python -m bench.handlers.measure cold ROUNDS
python -m bench.handlers.measure warm ROUNDS --delay 0.02
python -m bench.handlers.measure quota ROUNDS --delay 0.02 --memory 1769 --bytes 1000
"""

import argparse
import json
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from bench.handlers.stage import HANDLERS, Environment, Sample, Stage, stage
from bench.quota import MB_OF_A_CORE, quota
from bench.scans.tables import table

_SHAPE = "mixed"
_WARM_UP = 3  # files before the first that is measured
_SMALL_BYTES = 1000
_WARMING_BYTES = 10**6  # at most; enough for all that a large file loads

Round = dict[str, Sample]


class Files(NamedTuple):
    """What is uploaded: the file to be measured, and a smaller one of its kind for the warming up."""

    measured: bytes
    warming: bytes


def main() -> None:
    """Print the figure's facts and rounds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("kind", choices=("cold", "warm", "quota"))
    parser.add_argument("rounds", type=int)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds, in every turnaround")
    parser.add_argument("--memory", type=int, default=2 * MB_OF_A_CORE)
    parser.add_argument("--bytes", type=int, default=_SMALL_BYTES)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sizes = given.bytes, min(given.bytes, _WARMING_BYTES)
        files = Files(*(table(_SHAPE, size, Path(folder)).path.read_bytes() for size in sizes))
    facts: dict[str, Any] = {"bytes": len(files.measured)}
    with stage(given.delay) as there:
        match given.kind:
            case "cold":
                rounds = _cold(there, files, given.rounds)
            case "warm":
                rounds, facts["counts"] = _warm(there, files, given.rounds)
            case _:
                rounds = _under_quota(there, files, given.rounds, given.memory)
    print(json.dumps({"facts": facts, "rounds": rounds}))


def _cold(there: Stage, files: Files, rounds: int) -> list[Round]:
    """A new process for every file. The first round pays for the compiling of the source, and is left out."""
    return [{name: _first(there, name, files) for name in HANDLERS} for _ in range(rounds + 1)][1:]


def _first(there: Stage, name: str, files: Files) -> Sample:
    with there.handler(name, 2 * MB_OF_A_CORE) as environment:
        return environment.call(there.upload(files.measured))


def _warm(there: Stage, files: Files, rounds: int) -> tuple[list[Round], dict[str, dict[str, int]]]:
    """Processes that have seen files before; and what one file asks of AWS and of the database."""
    with ExitStack() as opened:
        alive = {name: opened.enter_context(there.handler(name, 2 * MB_OF_A_CORE)) for name in HANDLERS}
        measured = _by_turns(there, alive, files, rounds)
        counts = {name: _counts(there, environment, files) for name, environment in alive.items()}
    return measured, counts


def _under_quota(there: Stage, files: Files, rounds: int, memory_mb: int) -> list[Round]:
    """With the share of CPU that Lambda gives to a function of this memory."""
    with quota(memory_mb) as prefix, ExitStack() as opened:
        alive = {name: opened.enter_context(there.handler(name, memory_mb, prefix)) for name in HANDLERS}
        return _by_turns(there, alive, files, rounds)


def _by_turns(there: Stage, alive: dict[str, Environment], files: Files, rounds: int) -> list[Round]:
    for environment in alive.values():
        for _ in range(_WARM_UP):
            environment.call(there.upload(files.warming))
    return [
        {name: environment.call(there.upload(files.measured)) for name, environment in alive.items()}
        for _ in range(rounds)
    ]


def _counts(there: Stage, environment: Environment, files: Files) -> dict[str, int]:
    event = there.upload(files.measured)
    aws, requests, database = there.aws.turnarounds, there.aws.requests, there.database.turnarounds
    environment.call(event)
    return {
        "requests": there.aws.requests - requests,
        "aws": there.aws.turnarounds - aws,
        "database": there.database.turnarounds - database,
    }


if __name__ == "__main__":
    main()
