"""Head and tally -> what is published, and the verdict."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from function.domain.content import Column, Profile
from function.domain.findings import Finding, Sample
from function.domain.instructions import Options
from function.scan.bytes.encoding import UNKNOWN
from function.scan.head import Head
from function.scan.profile.column_types import Ambiguity, resolve
from function.scan.profile.tally import Tally
from function.scan.records.ledger import Ledger
from function.scan.verdict.judge import judge, records, rejects
from function.scan.verdict.warnings import Table, find_warnings


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What follows from all that was read.

    Attributes:
        head: what the start of the text settled.
        encoding, compression: of the text.
        tally: of the records and lines.
    """

    head: Head
    encoding: str
    compression: str | None
    tally: Tally

    def profile(self) -> Profile:
        """The `csv` part of result.json."""
        ledger = self.tally.ledger
        columns, ambiguities = self._columns()
        table = self._table(ambiguities)
        return Profile(
            columns,
            table.dialect,
            records(ledger),
            rejects(ledger),
            {**ledger.found, **Counter(remark for column in columns for remark in column.remarks)},
            ledger.samples,
            find_warnings(ledger, table),
        )

    def judge(self, options: Options) -> None:
        """Apply the policy.

        Raises:
            FileError: why the file fails; see `verdict.judge`.
        """
        judge(self.tally.ledger, self._table(self._columns()[1]), options)

    def _columns(self) -> tuple[tuple[Column, ...], tuple[Ambiguity, ...]]:
        """The columns, and those that can be read in two ways."""
        return resolve(self.tally.columns, self.head.names, self.head.dialect.delimiter)

    def _table(self, ambiguities: tuple[Ambiguity, ...]) -> Table:
        """What messages say of the table."""
        encoding = "utf-8" if self.encoding == UNKNOWN else self.encoding
        dialect = replace(self.head.dialect, encoding=encoding, compression=self.compression)
        return Table(dialect, len(self.head.names), self.head.line, ambiguities)


def remarks(found: Mapping[Finding, int], first: Mapping[Finding, int]) -> Ledger:
    """What is remarkable about the bytes that a text was made of.

    Args:
        found: how often each.
        first: the first line of each.
    """
    places = sorted((first.get(finding, 0), finding) for finding in found)
    return Ledger(
        found={finding: found[finding] for _, finding in places},
        samples=tuple(Sample(finding, line, 0, "") for line, finding in places if finding in first),
    )
