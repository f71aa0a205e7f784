"""The matrix as it was played, for the end of the run and for docs/reliability.md."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.faults.harness.cases import RECOVERIES, Case


@dataclass(frozen=True, slots=True)
class Line:
    """How one case went: invocations, messages sent, seconds until it was home."""

    case: Case
    invocations: int
    messages: int
    seconds: float

    def __str__(self) -> str:
        twice = f", {self.messages} messages" if self.messages > 1 else ""
        return f"{self.invocations} in {self.seconds:.1f} s{twice}"


lines: list[Line] = []


def table() -> Iterator[str]:
    """Markdown: a row for each step and fault, a column for each recovery."""
    yield f"| step | fault | {' | '.join(RECOVERIES)} |"
    yield f"| --- | --- |{' --- |' * len(RECOVERIES)}"
    for step, fault in dict.fromkeys((line.case.step, line.case.fault) for line in lines):
        played = {line.case.recovery: str(line) for line in lines if _of(line, step, fault)}
        yield f"| {step} | {fault} | {' | '.join(played.get(each, '') for each in RECOVERIES)} |"


def _of(line: Line, step: str, fault: str) -> bool:
    return (line.case.step, line.case.fault) == (step, fault)
