"""What is said of the files of a season, beside what was done to them."""

from collections import Counter
from dataclasses import dataclass, field

from function.domain.series.compare import MOST_FILES, compare
from function.domain.series.remarks import Remark
from function.domain.series.summary import ColumnSummary, FileSummary, columns
from function.scan import scan
from tests.support.seasons.files import Season


@dataclass
class Score:
    """What a season came to; `false` are files with a remark that nothing was done for."""

    files: int = 0
    found: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    false: list[tuple[int, int, Remark]] = field(default_factory=list)

    @property
    def false_files(self) -> int:
        """How many files got a remark without cause."""
        return len({(seed, day) for seed, day, _ in self.false})


def play(season: Season, score: Score) -> None:
    """Scan the files of a season one after another, each compared as the worker does."""
    past: list[FileSummary] = []
    planted = {change.day: change for change in season.changes}
    for day, (key, content) in enumerate(season.files()):
        now = summary(key, content)
        remarks = compare(now, past[:MOST_FILES])
        past.insert(0, now)
        change = planted.get(day)
        score.files += 1
        if change:
            found = change.wanted in {remark.code for remark in remarks}
            (score.found if found else score.missed)[change.kind] += 1
        expected = {change.wanted, *change.allowed} if change else set()
        score.false += [(season.seed, day, remark) for remark in remarks if remark.code not in expected]


def summary(key: str, content: bytes) -> FileSummary:
    """What a row has of the file."""
    found = scan([content])
    assert found.profile, found.error
    kept = tuple(ColumnSummary(*column) for column in columns(found.profile))
    return FileSummary(key, "", found.profile.rows, found.size, found.sha256, kept)
