import pytest

from function.domain.errors import TransientError
from function.domain.fanout import Progress
from function.domain.model import Unfinished
from tests.unit.support.reconciliation import FakeInventory, FakeRegister, run, upload


def left(*rows: Unfinished) -> FakeRegister:
    return FakeRegister(left=list(rows))


@pytest.mark.parametrize("attempts", [2, 99])
def test_a_file_whose_execution_runs_is_no_trouble_however_often_it_was_tried(attempts: int) -> None:
    register = left(Unfinished(1, attempts, upload("a.csv"), "1-1-a", held=True))
    findings = run(FakeInventory(), register, progress="running")
    assert (findings.unfinished, findings.stuck, findings.redriven) == (0, 0, 0)


@pytest.mark.parametrize("progress", ["ended", "missing"])
def test_a_file_whose_execution_does_not_run_is_taken_up_before_its_lease_ends(progress: Progress) -> None:
    register = left(Unfinished(1, 2, upload("a.csv"), "1-1-a", held=True))
    findings = run(FakeInventory(), register, progress=progress)
    assert (findings.unfinished, findings.stuck, findings.redriven) == (1, 0, 1)
    findings = run(FakeInventory(), register, progress=progress, dry_run=True)
    assert (findings.unfinished, findings.stuck, findings.redriven) == (1, 0, 0)


def test_a_file_whose_executions_end_again_and_again_is_given_up() -> None:
    register = left(Unfinished(1, 16, upload("poison.csv"), "1-15-a", held=True))
    findings = run(FakeInventory(), register, progress="ended")
    assert (findings.unfinished, findings.stuck, findings.redriven) == (1, 1, 0)


def test_once_its_lease_has_ended_an_execution_is_not_asked_for() -> None:
    register = left(Unfinished(1, 2, upload("a.csv"), "1-1-a"), Unfinished(2, 2, upload("b.csv")))
    findings = run(FakeInventory(), register, progress=TransientError("nobody is asked"))
    assert (findings.unfinished, findings.stuck, findings.redriven) == (2, 0, 2)


def test_an_execution_that_cannot_be_looked_up_keeps_no_other_file_from_its_end() -> None:
    register = left(
        Unfinished(1, 2, upload("a.csv"), "1-1-a", held=True), Unfinished(2, 2, upload("b.csv"), "2-1-b")
    )
    findings = run(FakeInventory(), register, progress=TransientError("look-up of execution 1-1-a"))
    assert (findings.unfinished, findings.stuck, findings.redriven) == (1, 1, 1)
    assert findings.samples["stuck"] == ["a.csv: look-up of execution 1-1-a"]
