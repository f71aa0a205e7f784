"""Every fault at every step of a large file: the guarantees hold, and the table shows how it was finished."""

import itertools
import os
import time

import pytest

from tests.faults.fanout.cases import CASES, may_tell_twice
from tests.faults.fanout.guarantees import Large, executions, keep
from tests.faults.fanout.play import Play
from tests.faults.harness.cases import Case
from tests.faults.harness.faulty_stack import BUCKET, FaultyStack
from tests.faults.harness.matrix_table import Line, lines
from tests.support import uploads

_numbers = itertools.count()
_MOST = 22  # messages: an execution's last step makes ten attempts


def chosen() -> list[Case]:
    """All cases, or every 25th."""
    return CASES if os.environ.get("FAULTS") == "all" else CASES[::25]


@pytest.mark.parametrize("case", chosen(), ids=str)
def test_whatever_breaks_a_large_file_comes_home_once(faulty: FaultyStack, table: Large, case: Case) -> None:
    obj = uploads.put(faulty.stack, f"matrix/{next(_numbers)}.csv", table.body, BUCKET)
    began = time.monotonic()
    faulty.steps.clear()
    try:
        Play(faulty, case).run(obj)
        traces = keep(faulty, obj, table, most_messages=_MOST if may_tell_twice(case) else 1)
    finally:
        faulty.heal()
    invocations = faulty.steps.count("begin") + sum(
        faulty.steps.count(f"before {step}") for step in ("merge", "finish")
    )
    invocations += sum(step.startswith("before part") for step in faulty.steps)
    lines.append(Line(case, invocations, len(traces.messages), time.monotonic() - began))
    if case.recovery == "retry":
        assert [each["status"] for each in executions(faulty, obj)] == ["SUCCEEDED"]
