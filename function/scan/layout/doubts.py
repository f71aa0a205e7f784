"""What is doubtful before the data are read: the lines above them, the first record, the delimiter."""

from collections.abc import Sequence

from function.domain.findings import EXCERPT, Finding, Sample
from function.domain.instructions import Options
from function.scan.layout.dialect import Candidate
from function.scan.layout.extra_header import odd_first_record
from function.scan.layout.free_text import is_free_text
from function.scan.layout.preamble import Placed, preamble_of_several_fields


def doubts_before_data(
    before: Sequence[Placed], table: Sequence[Placed], heads: int, width: int
) -> list[Sample]:
    """What is remarkable about the lines before the data, and about the first record."""
    found = []
    if line := preamble_of_several_fields(before):
        found.append(Sample(Finding.WIDE_PREAMBLE, line, 0, ""))
    if heads and len(table[0].fields) < width:
        found.append(_sample(Finding.SHORT_HEADER, table[0]))
    found += [_sample(Finding.SECOND_HEADER, placed) for placed in table[1:heads]]
    if odd_first_record(table[heads:], width):
        found.append(_sample(Finding.ODD_FIRST_RECORD, table[heads]))
    return found


def doubts_of_dialect(
    dialect: Candidate, rows: Sequence[Placed], options: Options, *, named: bool
) -> list[Sample]:
    """Whether the delimiter is doubtful, or whether there is a table at all."""
    if not rows or options.delimiter or options.header is not None:
        return []
    if dialect.width == 1 and is_free_text(rows, named=named):
        return [_sample(Finding.FREE_TEXT, rows[0])]
    return [] if dialect.sure else [_sample(Finding.UNSURE_DIALECT, rows[0])]


def _sample(finding: Finding, placed: Placed) -> Sample:
    return Sample(finding, placed.line, 0, placed.text[:EXCERPT])
