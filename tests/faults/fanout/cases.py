"""Every fault at every step of a large file, and every way back."""

from collections.abc import Callable
from itertools import product

from tests.faults.harness.cases import KILLS, RECOVERIES, Case
from tests.faults.harness.faulty_stack import BUCKET
from tests.faults.harness.http_proxy import Request


def _is(method: str, part: str) -> Callable[[Request], bool]:
    return lambda request: request.method == method and part in request.path


def _range(request: Request) -> bool:
    """Whether it reads a part: the worker asks for the whole object."""
    return _is("GET", f"/{BUCKET}/")(request) and b"\r\nrange:" in request.head.lower()


# What each step asks of an AWS service.
REQUESTS: dict[str, tuple[str, Callable[[Request], bool]]] = {
    "store the plan": ("s3", _is("PUT", "/plan.json")),
    "start the execution": ("stepfunctions", lambda request: b"StartExecution" in request.head),
    "read a range": ("s3", _range),
    "store a part": ("s3", _is("PUT", "/parts/")),
    "read the parts": ("s3", _is("GET", "/parts/")),
    "store the merged": ("s3", _is("PUT", "/merged.bin")),
    "read the merged": ("s3", _is("GET", "/merged.bin")),
    "finish: write result": ("s3", _is("PUT", "/result.json")),
    "finish: back up": ("s3", _is("PUT", "/local-backup/")),
    "finish: notify": ("sns", lambda _: True),
}
STATEMENTS = ("lend", "finish: claim", "finish: record", "finish: settle")
WORKER = ("store the plan", "lend", "start the execution")
"""Steps before the execution; those after them are its own."""
# An invocation of the state machine is killed here; that of the worker in the steps above.
INVOCATIONS = ("part 1", "merge", "finish")
_AT_AWS = ("reset", "no answer", "half a body", "500", "503 SlowDown")
_AT_THE_DATABASE = ("refused", "no answer", "half an answer", "server down", "read-only standby")
_LASTING = ("500", "server down", "killed before")
"""One of each kind is kept up until the event, or the execution, is given up."""


def may_tell_twice(case: Case) -> bool:
    """Whether the message may have left before anything went wrong."""
    effects = ("finish: write result", "finish: back up", "finish: notify", "finish: settle", "finish")
    return case.step in effects and (case.fault in (*KILLS, "half a body") or case.step == "finish: settle")


def _cases() -> list[Case]:
    plays = [*product(REQUESTS, [*_AT_AWS, *KILLS])]
    plays += product(STATEMENTS, [*_AT_THE_DATABASE, *KILLS])
    plays += product(INVOCATIONS, KILLS)
    ways = {play: RECOVERIES if play[1] in _LASTING else ("retry",) for play in plays}
    return [Case(*play, recovery) for play, recoveries in ways.items() for recovery in recoveries]


CASES = _cases()
