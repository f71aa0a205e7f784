"""A small file is profiled without polars, and nobody can tell."""

import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from function.domain.errors import DefectError
from function.scan.profile import columns, small
from function.scan.profile.distinct import no_hashes
from function.scan.profile.summary import ColumnSummary
from function.scan.profile.tally import CountMismatchError, Summarise, Tally, empty_tally
from function.scan.records.batch import Batch
from function.scan.records.canonical import Canonical
from function.scan.records.ledger import Ledger
from tests.unit.support.tables import TAME, WILD, profile_of

DIGITS = st.integers(0, 10**40).map(str)
PADDING = st.sampled_from(["", "", "", " ", "\t", "\u00a0", "  "])
VALUES = {
    "numbers": st.one_of(
        DIGITS,
        st.integers(-(10**6), 10**6).map(str),
        st.integers(-(10**6), 10**9).map("{:,}".format),
        st.integers(0, 10**9).map(lambda number: f"{number:,}".replace(",", ".")),
        st.integers(0, 10**9).map(lambda number: f"{number:,}".replace(",", "\u00a0")),
        st.decimals(-1000, 1000, places=2).map(lambda number: str(number).replace(".", ",")),
        st.decimals(-1000, 1000, places=3).map(str),
        st.floats().map(str),
        st.from_regex(r"[+-]?[0-9]{0,3}\.?[0-9]{0,3}([eE][+-]?[0-9]{1,4})?", fullmatch=True),
        st.sampled_from(
            ["inf", "-Infinity", "INF", "NaN", "nan", "1e400", "-1e400", "1.", ".5", "+5", "-0", "007"]
        ),
        st.sampled_from(
            ["1e99999999999999999999", "1e-99999999999999999999", "9" * 400, "0." + "0" * 400 + "1"]
        ),
    ),
    "dates": st.one_of(
        st.dates().map(str),
        *(
            st.builds(date.strftime, st.dates(), st.just(form))
            for form in ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%m-%d-%Y", "%Y/%m/%d", "%d/%m/%Y %H:%M")
        ),
        st.sampled_from(
            ["1/2/2024", "29/2/2023", "2023-02-29", "0000-02-29", "00/00/2000", "1.1.0000 10:00"]
        ),
    ),
    "times": st.one_of(
        st.datetimes().map(str),
        st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
        st.datetimes().map(lambda moment: moment.isoformat(timespec="minutes") + "+05:30"),
        st.times().map(lambda moment: moment.isoformat(timespec="seconds")),
        st.sampled_from(["2024-01-01T10:00:00.1234567", "2024-01-01 10:00 -11", "0000-01-01T00:00", "24:00"]),
    ),
    "flags": st.sampled_from(["true", "false", "TRUE", "False", "tRue"]),
    "addresses": st.sampled_from(["192.168.100.101", "192.168.100.300", "123.456.789", "123 456 789"]),
    "text": st.one_of(TAME, WILD),
}


@st.composite
def columns_of_values(draw: st.DrawFn) -> list[str]:
    """Values of one kind for the most part, some missing, some with blanks around them."""
    kind = draw(st.sampled_from(sorted(VALUES)))
    padding = draw(st.sampled_from([st.just(""), PADDING]))
    value = st.builds(
        "{}{}{}".format,
        padding,
        draw(st.sampled_from([VALUES[kind], VALUES[kind], st.one_of(*VALUES.values())])),
        padding,
    )
    return draw(
        st.lists(st.one_of(value, value, value, st.sampled_from(["", "", " "])), min_size=1, max_size=12)
    )


def batch_of(column: list[str], quote: str | None = '"') -> Batch:
    canonical = Canonical(",", quote)
    for place, text in enumerate(column):
        canonical.record([text, str(place)], 1)
    return canonical.take()


def tally(batches: list[Batch], summarise: Summarise) -> Tally:
    whole = empty_tally(2)
    for batch in batches:
        whole = whole.add(batch, summarise)
    return whole


def without_hashes(summary: ColumnSummary) -> tuple[ColumnSummary, int]:
    return replace(summary, distinct=replace(summary.distinct, hashes=no_hashes())), summary.distinct.estimate


@given(columns_of_values(), st.integers(0, 12))
@example(["9" * 400, "1"], 12)
@example(["1e99999999999999999999", "1"], 12)
@example([" "], 12)
@example([" nan", "nan"], 1)
def test_small_files_are_profiled_as_large_ones(column: list[str], cut: int) -> None:
    batches = [batch_of(column[:cut]), batch_of(column[cut:])]
    ours, polars = tally(batches, small.summarise), tally(batches, columns.summarise)
    assert ours.ledger == polars.ledger
    assert list(map(without_hashes, ours.columns)) == list(map(without_hashes, polars.columns))


@given(columns_of_values().map(lambda column: [text.translate({10: 32, 13: 32, 44: 32}) for text in column]))
def test_neither_needs_a_quote(column: list[str]) -> None:
    batches = [batch_of(column, quote=None)]
    ours, polars = tally(batches, small.summarise), tally(batches, columns.summarise)
    assert list(map(without_hashes, ours.columns)) == list(map(without_hashes, polars.columns))


@pytest.mark.parametrize("summarise", [small.summarise, columns.summarise])
def test_a_count_that_a_second_reader_does_not_confirm_is_never_published(summarise: Summarise) -> None:
    wrong = Batch(b"1,2\n3,4\n", 3, ",", '"', Ledger(records=3))
    with pytest.raises(CountMismatchError):
        tally([wrong], summarise)


@pytest.mark.parametrize("data", [b'"1,2\n', b"1,2\n3\n", b'"1"1,2\n'])
def test_what_is_not_in_canonical_form_is_a_fault_of_ours(data: bytes) -> None:
    with pytest.raises(DefectError):
        tally([Batch(data, 1, ",", '"', Ledger(records=1))], small.summarise)


def test_a_file_is_small_up_to_a_size_and_a_number_of_records() -> None:
    assert small.is_small(b"a,b\n" * (small.RECORDS - 1))
    assert not small.is_small(b"a,b\n" * small.RECORDS)
    assert not small.is_small(b"a\r" * small.RECORDS)
    assert not small.is_small(b"x" * (small.BYTES + 1))


def test_the_result_does_not_change_where_files_cease_to_be_small() -> None:
    """Each different value counts, up to the last that the sketch takes exactly."""
    rows = [f"{number % 7},{number}\n".encode() for number in range(small.RECORDS + 3)]
    data = b"few,many\n" + b"".join(rows[: small.RECORDS - 2])
    assert small.is_small(data)
    found, _ = profile_of(data, batch=1 << 22)
    assert found
    assert [column.distinct for column in found.columns] == [7, small.RECORDS - 2]


def test_a_small_file_does_not_load_polars() -> None:
    code = """
import sys
from function.scan import scan
for data in b"a,b\\n1,2\\n", b"a,b\\n" + b"1,2\\n" * 5000:
    assert scan([data]).profile
    print("polars" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
