"""What became of every line, as a value that merges."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from function.domain.content import Use
from function.domain.findings import Finding, Sample

SAMPLES = 10  # kept of each finding
WIDTHS = 10  # other numbers of fields of which the first line is kept, for each use

Widths = Mapping[tuple[Use, int], int]  # use and number of fields -> physical line


@dataclass(frozen=True, slots=True)
class Ledger:
    """Counts over some stretch of the file. Merging is associative, and `Ledger()` changes nothing.

    Attributes:
        records: data records.
        lines: physical lines by use.
        found: how often each remarkable thing was seen.
        samples: the first of each, in the order of the file.
        widths: of lines that have another number of fields than the table, by use: the first line of each.
    """

    records: int = 0
    lines: Mapping[Use, int] = field(default_factory=dict)
    found: Mapping[Finding, int] = field(default_factory=dict)
    samples: tuple[Sample, ...] = ()
    widths: Widths = field(default_factory=dict)

    def merge(self, other: "Ledger") -> "Ledger":
        """The ledger of both stretches, `other` behind this one."""
        return Ledger(
            self.records + other.records,
            dict(Counter(self.lines) + Counter(other.lines)),
            dict(Counter(self.found) + Counter(other.found)),
            first_of_each(self.samples + other.samples),
            first_of_each_use({**other.widths, **self.widths}),
        )

    def moved(self, lines: int, offset: int) -> "Ledger":
        """The same stretch, behind so many lines, and bytes of text, of others."""
        samples = (
            replace(sample, line=sample.line + lines, offset=sample.offset + offset)
            for sample in self.samples
        )
        widths = {of: line + lines for of, line in self.widths.items()}
        return replace(self, samples=tuple(samples), widths=widths)

    @property
    def physical_lines(self) -> int:
        """Lines of any use."""
        return sum(self.lines.values())


def first_of_each(samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
    """The first `SAMPLES` of every finding."""
    seen: Counter[Finding] = Counter()
    kept = []
    for sample in samples:
        seen[sample.finding] += 1
        if seen[sample.finding] <= SAMPLES:
            kept.append(sample)
    return tuple(kept)


def first_of_each_use(widths: Widths) -> Widths:
    """The first `WIDTHS` of every use, in the order of the file."""
    seen: Counter[Use] = Counter()
    kept = {}
    for (use, width), line in sorted(widths.items(), key=lambda item: item[1]):
        seen[use] += 1
        if seen[use] <= WIDTHS:
            kept[use, width] = line
    return kept
