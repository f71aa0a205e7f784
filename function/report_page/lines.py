"""The ledger: what every physical line of the file is."""

from dataclasses import dataclass

from function.domain.content import Use
from function.domain.model import Document

_NAMES = {
    Use.HEADER: "header",
    Use.RECORD: "records",
    Use.REJECTED: "rejected",
    Use.BLANK: "blank",
    Use.PREAMBLE: "above the header",
    Use.COMMENT: "comments",
    Use.FOOTER: "footer",
    Use.OTHER_TABLE: "other tables",
}


@dataclass(frozen=True, slots=True)
class Segment:
    """The lines of one use: a part of the bar, and a row of its legend."""

    use: str
    name: str
    lines: int
    percent: str


@dataclass(frozen=True, slots=True)
class Bar:
    """All lines; the segments add up to `total`."""

    segments: list[Segment]
    total: int

    @property
    def text(self) -> str:
        """What the bar says, for whoever does not see it."""
        return ", ".join(f"{each.name}: {each.lines:,}" for each in self.segments)


def ledger(csv: Document) -> Bar:
    """The uses that there are, in the order of a file."""
    lines, total = csv["records"]["lines"], csv["records"]["physical_lines"]
    segments = [
        Segment(use, name, lines[use], f"{100 * lines[use] / total:.2f}")
        for use, name in _NAMES.items()
        if lines.get(use)
    ]
    return Bar(segments, total)
