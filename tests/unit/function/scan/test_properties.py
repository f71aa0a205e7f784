"""What holds for every table and for any bytes at all."""

import functools
import random
from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from function.domain.findings import Finding
from function.domain.instructions import Options
from function.scan.profile import columns
from function.scan.profile.tally import Tally, empty_tally
from function.scan.reading import Reading
from tests.unit.support.tables import (
    FORMS,
    LENIENT,
    TAME,
    WILD,
    Form,
    profile_of,
    read,
    records_of,
    tables,
)

SIZES = st.sampled_from([1, 3, 64, 1000, 1 << 20])
MESS = st.lists(
    st.sampled_from(
        [
            *('"', "'", ",", ";", "\n", "\r\n", "\r", "a", "1", " ", "#", "\\", "x,y\n", '"",', "ä", "\0"),
            *(",,\n", "Total,1,2\n", "id,name,value\n", '"id","name",value\n', "x,y,z\n", "7,b,2\n"),
        ]
    ),
    max_size=60,
).map("".join)


@given(tables(WILD), FORMS, SIZES)
def test_whatever_a_writer_wrote_is_read_back_exactly(table: list[list[str]], form: Form, size: int) -> None:
    assume(not any(cell[:1] in "#/" for row in table for cell in row[:1]))  # may be comments
    # dashes below every name are a line drawn there: left out, with a warning
    assume(
        not any(all(len(cell) > 1 and not set(cell) - set("-=_*:+ ") for cell in row) for row in table[1:2])
    )
    data = form.write(table)
    options = form.options
    result = read(data, size, options)
    assert result.error is None
    assert result.profile is not None
    assert (result.profile.rows, [column.name for column in result.profile.columns]) == (
        len(table) - 1,
        table[0],
    )
    assert records_of(data, options, size) == table[1:]


@given(tables(TAME), FORMS, SIZES)
def test_delimiter_quote_and_header_of_an_ordinary_table_need_not_be_told(
    table: list[list[str]], form: Form, size: int
) -> None:
    assume(len(table) > 3)
    # words only, above columns of numbers, are a second header to anyone: it is left out, with a warning
    assume(any(cell.lstrip("-")[:1].isdigit() for cell in table[1]))
    assert records_of(form.write(table), LENIENT, size) == table[1:]


@given(MESS, st.sampled_from([1, 10, 100]))
@example('a,b\n1,"x\n2,y\n3,"z"\n', 1)
@example("97,8\r\n1,2,3\nPage 1\n4,5\n", 1)
@example(' ID ,NAME," value "\n7\nID,x\n', 1)
def test_the_result_does_not_depend_on_the_size_of_batches(text: str, batch: int) -> None:
    data = ("id,name,value\n" + text + "\n1,b,2\n" * 3).encode()
    assert profile_of(data, batch=batch) == profile_of(data, batch=1 << 23)


@given(st.one_of(st.binary(max_size=300), MESS.map(str.encode)))
def test_any_bytes_end_in_a_verdict_that_accounts_for_every_line(data: bytes) -> None:
    result = read(data)
    assert result.profile is not None or result.error is not None
    if result.profile:
        records = result.profile.records
        assert sum(records.lines.values()) == records.physical_lines
        assert records.parsed <= records.physical_lines


@given(tables(st.one_of(TAME, WILD)), st.lists(st.integers(0, 20), max_size=3))
def test_tallies_of_the_parts_merge_to_the_tally_of_the_whole(
    table: list[list[str]], cuts: list[int]
) -> None:
    options = Options(delimiter=",", quote='"', header=False, max_rejected=None, max_ragged=None)
    bounds = sorted({0, len(table), *(min(cut, len(table)) for cut in cuts)})
    empty = empty_tally(len(table[0]))
    parts = [_tally(Form().write(table[start:stop]), options, empty) for start, stop in pairwise(bounds)]
    whole = _tally(Form().write(table), options, empty)
    assume(not any(_ends_oddly(tally) for tally in (*parts, whole)))  # each part has an end of its own
    assert functools.reduce(Tally.merge, parts, Tally()) == whole
    assert functools.reduce(lambda right, left: left.merge(right), reversed(parts), empty) == whole


def _ends_oddly(tally: Tally) -> bool:
    return not tally.ledger.found.keys().isdisjoint({Finding.TRAILER, Finding.TOTAL, Finding.NOTE})


def _tally(data: bytes, options: Options, empty: Tally) -> Tally:
    tally = empty
    for batch in Reading(options).batches([data]):
        tally = tally.add(batch, columns.summarise)
    return tally


def _good(seed: int) -> list[list[str]]:
    draw = random.Random(seed)
    notes = ["plain", "with, comma", "two\nlines", 'a "quoted" word', ""]
    rows = [
        [str(n), draw.choice(notes), f"{draw.random():.3f}", draw.choice(["red", "blue"])] for n in range(40)
    ]
    return [["id", "note", "value", "colour"], *rows]


@pytest.mark.parametrize("all_quoted", [False, True])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_mutated_file_is_counted_right_or_says_that_something_is_wrong(
    all_quoted: bool, line_end: str
) -> None:
    draw = random.Random(7)
    table = _good(1)
    good = Form(all_quoted=all_quoted, line_end=line_end).write(table)
    for _ in range(400):
        bad = _mutate(good, draw)
        result = read(bad, options=Options())
        told = result.error or (result.profile and result.profile.warnings)
        assert told or (result.profile and result.profile.rows == len(table) - 1), bad


def _mutate(data: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(data))
    match draw.randrange(4):
        case 0:
            return data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1 :]
        case 1:
            return data[:at] + data[at + 1 :]
        case 2:
            return data[:at] + data[at : at + 1] + data[at:]
        case _:
            return data[:at] + draw.choice([b'"', b",", b"\n", b"\r", b"\\", b"'"]) + data[at:]
