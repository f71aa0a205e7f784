"""Seconds of a Lambda function -> dollars, at the list prices that docs/architecture.md has."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

GB_SECOND_DOLLARS = 0.0000133334  # arm64, eu-central-1
REQUEST_DOLLARS = 0.20 / 1e6
MILLION = 10**6
ALARM_SECONDS = 5.0


def dollars(seconds: float, memory_mb: int, invocations: int = MILLION) -> float:
    """What so many invocations cost that take `seconds` each; every started millisecond is billed."""
    billed = math.ceil(round(seconds * 1000, 6)) / 1000
    return invocations * (billed * memory_mb / 1024 * GB_SECOND_DOLLARS + REQUEST_DOLLARS)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a function of one size costs.

    Attributes:
        memory_mb: its memory.
        small, middle, large: seconds for a file of 1 KB, 1 MB and 200 MB.
        peak_mb: the most memory that the large file took.
    """

    memory_mb: int
    small: float
    middle: float
    large: float
    peak_mb: float

    @property
    def small_dollars(self) -> float:
        """Of a million files of 1 KB."""
        return dollars(self.small, self.memory_mb)

    @property
    def middle_dollars(self) -> float:
        """Of a million files of 1 MB."""
        return dollars(self.middle, self.memory_mb)

    @property
    def terabyte_dollars(self) -> float:
        """Of 5,000 files of 200 MB."""
        return dollars(self.large, self.memory_mb, 5000)

    @property
    def fits(self) -> bool:
        """Whether Lambda would not have killed it for its memory."""
        return self.peak_mb < self.memory_mb


def cheapest(costs: Iterable[Cost], seconds: float = ALARM_SECONDS) -> Cost | None:
    """For files of 1 MB, among those that fit and take less than `seconds` for 200 MB."""
    able = [each for each in costs if each.fits and each.large < seconds]
    return min(able, key=lambda each: each.middle_dollars, default=None)
