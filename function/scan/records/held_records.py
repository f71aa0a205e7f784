"""Records that are kept until what follows tells whether they are of the table."""

from collections import Counter
from dataclasses import dataclass, field

from function.domain.content import Finding, Sample, Use
from function.scan.syntax.tokens import Row

MOST = 1000  # records that are kept; with more of them it is settled that another table has begun


@dataclass(slots=True)
class Aside:
    """Records of another width behind a blank line.

    Attributes:
        rows: each with its place.
    """

    rows: list[tuple[Row, Sample]] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether there are too many of them to wait any longer."""
        return len(self.rows) > MOST

    def at_the_end(self) -> tuple[Use, Finding] | None:
        """What they are, now that no record of the table follows; None: records of it all the same."""
        widths = Counter(len(row.fields) for row, _ in self.rows)
        if set(widths) == {1}:
            return Use.FOOTER, Finding.FOOTER
        if len(self.rows) > 1 and widths.most_common(1)[0][1] > len(self.rows) / 2:
            return Use.OTHER_TABLE, Finding.OTHER_TABLE
        return None
