from collections.abc import Iterator

import pytest

from local.aws import emulator
from local.stack import Stack
from tests.faults.fanout.guarantees import Large
from tests.faults.harness.faulty_stack import FaultyStack, faulty_stack
from tests.support import uploads

WORKER = "tests.faults.fanout.worker"
TABLE = uploads.large_table(2.2)


@pytest.fixture(scope="package")
def faulty() -> Iterator[FaultyStack]:
    """Files above a megabyte are read in parts of one; the state machine waits a hundredth of what it should."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emulator, "_WAIT_SCALE", 1 / 600)
        handlers = {f"{kind}handler": f"{WORKER}.{name}" for kind, name in _HANDLERS.items()}
        with faulty_stack(
            **handlers, timeout=20.0, retry_delays=(0.05, 0.05), variables=uploads.IN_PARTS
        ) as opened:
            yield opened


_HANDLERS = {"": "take", "part_": "part", "finish_": "finish"}


@pytest.fixture(scope="package")
def table() -> Large:
    """A table of three parts."""
    with Stack(variables={"SPLIT_MEGABYTES": "0"}) as stack:
        whole = uploads.finished(stack, uploads.put(stack, "whole.csv", TABLE))
    return Large(TABLE, whole.result["csv"])


@pytest.fixture
def healed(faulty: FaultyStack) -> Iterator[None]:
    """No step is remembered, and nothing stays broken."""
    faulty.steps.clear()
    yield
    faulty.heal()
