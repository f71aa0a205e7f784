"""What a figure says: medians over its rounds, and ratios to ours in the same round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Self

OURS = "ours"

Sample = Mapping[str, Any]  # measures by name; {"error": why} of one that failed


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as it was measured.

    Attributes:
        rounds: in each, what every competitor took.
        facts: what is the same in every round.
        error: why there are no rounds.
    """

    rounds: Sequence[Mapping[str, Sample]] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """From what the runner keeps."""
        return cls(document.get("rounds", ()), document.get("facts", {}), document.get("error", ""))

    @property
    def competitors(self) -> list[str]:
        """In the order in which they took their turns."""
        return list(self.rounds[0]) if self.rounds else []

    def median(self, who: str, measure: str) -> float | None:
        """Over the rounds in which the competitor did not fail; None if it always did."""
        values = [each[who][measure] for each in self.rounds if measure in each.get(who, {})]
        return median(values) if values else None

    def ratio(self, who: str, measure: str) -> float | None:
        """The median of what the competitor took for each unit that we took in the same round."""
        pairs = [
            each[who][measure] / each[OURS][measure]
            for each in self.rounds
            if measure in each.get(who, {}) and measure in each.get(OURS, {})
        ]
        return median(pairs) if pairs else None

    def rate(self, who: str, measure: str) -> float | None:
        """MB of CSV for each second of `measure`."""
        seconds = self.median(who, measure)
        return self.facts["bytes"] / 1e6 / seconds if seconds else None

    def failure(self, who: str) -> str:
        """Why the competitor has no value."""
        return next((each[who]["error"] for each in self.rounds if "error" in each.get(who, {})), self.error)


def waits(fast: Figure, slow: Figure, who: str, seconds: float) -> float | None:
    """How many turnarounds are waited for one after the other.

    Args:
        fast: without delay.
        slow: with a delay of `seconds` in every turnaround.
        who: the competitor.
        seconds: the delay.
    """
    least, most = fast.median(who, "wall"), slow.median(who, "wall")
    return None if least is None or most is None else (most - least) / seconds
