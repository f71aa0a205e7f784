import itertools
from dataclasses import replace
from typing import Any

import pytest

from function.domain.content import Column, ColumnType
from function.domain.findings import Finding
from function.domain.series.compare import compare
from function.domain.series.ranges import LEAST
from function.domain.series.remarks import RemarkCode
from function.domain.series.summary import MOST_COLUMNS, ColumnSummary, FileSummary, columns, form
from tests.support.examples import PROFILE

_HASHES = itertools.count()


def file(names: str = "id name amount", forms: str = "", **more: Any) -> FileSummary:
    """A file of a hundred rows; forms are text unless they are given."""
    types = forms.split("|") if forms else ["string"] * len(names.split())
    summaries = tuple(ColumnSummary(name, each, 0) for name, each in zip(names.split(), types, strict=True))
    return replace(FileSummary("k", "2025", 100, 5000, str(next(_HASHES)), summaries), **more)


def codes(now: FileSummary, *past: FileSummary) -> dict[str, tuple[str, ...]]:
    return {remark.code: remark.columns for remark in compare(now, past)}


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ("id name amount", {}),
        ("id name amount more", {RemarkCode.COLUMNS_ADDED: ("more",)}),
        ("id amount", {RemarkCode.COLUMNS_GONE: ("name",)}),
        ("id title amount", {RemarkCode.COLUMNS_RENAMED: ("title",)}),
        ("amount id name", {RemarkCode.COLUMNS_MOVED: ("amount",)}),
        (
            "more id title amount",
            {RemarkCode.COLUMNS_ADDED: ("more",), RemarkCode.COLUMNS_RENAMED: ("title",)},
        ),
    ],
)
def test_columns_added_gone_renamed_and_moved_are_told_apart(names: str, found: dict[str, object]) -> None:
    assert codes(file(names), file(), file()) == found


def test_a_column_that_takes_anothers_place_with_another_type_is_not_that_one_renamed() -> None:
    now, past = file("id x", "integer|date YYYY-M-D"), file("id y", "integer|string")
    assert codes(now, past) == {RemarkCode.COLUMNS_ADDED: ("x",), RemarkCode.COLUMNS_GONE: ("y",)}


def test_a_change_that_lasts_is_remarked_once_and_a_return_to_the_usual_is_not() -> None:
    usual, other = file(), file("id name total")
    assert codes(file("id name total"), usual, usual, usual)
    assert not codes(file("id name total"), other, usual, usual, usual)
    assert not codes(file(), other, usual, usual, usual)


def test_a_change_that_comes_again_is_remarked_again() -> None:
    usual, other = file(), file("id name total")
    assert RemarkCode.COLUMNS_RENAMED in codes(file("id name total"), usual, other, usual, usual)


@pytest.mark.parametrize(
    ("then", "now", "changed"),
    [
        ("integer", "string", True),
        ("integer", "decimal .", True),
        ("decimal .", "integer", False),
        ("decimal .", "decimal ,", True),
        ("integer ,", "decimal .", True),
        ("decimal", "decimal ,", False),
        ("date YYYY-M-D", "date D.M.YYYY", True),
        ("date D/M/YYYY", "date", False),
        ("datetime YYYY-M-D", "datetime YYYY-M-D zoned", True),
        ("string", "empty", False),
        ("empty", "date YYYY-M-D", False),
    ],
)
def test_a_type_or_a_form_that_the_values_did_not_have_is_remarked(
    then: str, now: str, changed: bool
) -> None:
    found = codes(file("a", now), file("a", then), file("a", then))
    assert (RemarkCode.TYPE_CHANGED in found) is changed


def test_text_that_has_become_numbers_is_remarked_once_there_is_enough_of_both() -> None:
    texts = [file("a", "string")] * 5
    assert RemarkCode.TYPE_CHANGED in codes(file("a", "integer"), *texts)
    assert not codes(file("a", "integer"), *texts[1:])
    assert RemarkCode.TYPE_CHANGED not in codes(file("a", "integer", rows=19), *texts)


@pytest.mark.parametrize("share", [0.3, 3.0])
def test_a_third_and_three_times_of_the_rows_and_bytes_are_unusual(share: float) -> None:
    past = [file(rows=100 + n, size=5000 + 30 * n) for n in range(LEAST)]
    now = file(rows=round(100 * share), size=round(5000 * share))
    assert set(codes(now, *past)) == {RemarkCode.ROWS_UNUSUAL, RemarkCode.SIZE_UNUSUAL}
    assert not codes(now, *past[1:])


def test_a_number_of_rows_that_two_earlier_files_had_is_usual() -> None:
    week = [file(rows=rows, size=50 * rows) for rows in (100, 102, 20, 21, 99, 101, 100)]
    assert not codes(file(rows=20, size=1000), *week)


def test_bytes_are_held_against_the_rows_too() -> None:
    past = [file(rows=rows, size=50 * rows) for rows in (100, 300, 90, 250, 400, 120)]
    assert set(codes(file(rows=120, size=120 * 200), *past)) == {RemarkCode.SIZE_UNUSUAL}


def test_nulls_are_compared_by_their_share() -> None:
    def missing(nulls: int, rows: int = 100) -> FileSummary:
        return replace(file(rows=rows), columns=(ColumnSummary("a", "string", nulls),))

    past = [missing(nulls) for nulls in (2, 3, 2, 4, 3)]
    assert set(codes(missing(40), *past)) == {RemarkCode.NULLS_UNUSUAL}
    assert not codes(missing(5), *past)
    assert not codes(missing(0, rows=0), *[missing(0, rows=0)] * 6)


def test_the_same_bytes_are_remarked_until_they_are_usual() -> None:
    same = file(digest="x")
    assert set(codes(same, file(), same)) == {RemarkCode.SAME_BYTES}
    assert not codes(same, file(), same, same)


def test_a_first_file_has_no_remarks() -> None:
    assert compare(file(), ()) == ()


def test_a_summary_is_of_bounded_size_and_has_no_value() -> None:
    column = Column("n" * 5000, ColumnType.INTEGER, 3, "secret", "secret")
    kept = columns(replace(PROFILE, columns=(column,) * 10_000))
    assert (len(kept), kept[0]) == (MOST_COLUMNS, ["n" * 64, "integer", 3])


@pytest.mark.parametrize(
    ("type_", "format_", "kept"),
    [
        (ColumnType.INTEGER, None, "integer"),
        (ColumnType.INTEGER, "1,234", "integer ."),
        (ColumnType.INTEGER, "1.234", "integer ,"),
        (ColumnType.INTEGER, "1 234", "integer"),
        (ColumnType.DECIMAL, None, "decimal ."),
        (ColumnType.DECIMAL, "1.234,56", "decimal ,"),
        (ColumnType.DATE, "DD.MM.YYYY", "date D.M.YYYY"),
        (ColumnType.DATE, "D.M.YYYY", "date D.M.YYYY"),
        (ColumnType.DATETIME, "YYYY-MM-DDTHH:MM:SS.SSSZ", "datetime YYYY-M-D zoned"),
        (ColumnType.DATETIME, "ISO 8601 with offset", "datetime YYYY-M-D zoned"),
        (ColumnType.DATETIME, "DD/MM/YYYY HH:MM[:SS]", "datetime D/M/YYYY"),
        (ColumnType.TIME, "HH:MM", "time"),
    ],
)
def test_a_form_has_what_does_not_depend_on_the_values(
    type_: ColumnType, format_: str | None, kept: str
) -> None:
    assert form(Column("a", type_, 0, None, None, format=format_)) == kept


def test_a_form_that_can_be_read_in_two_ways_says_neither() -> None:
    date = Column("a", ColumnType.DATE, 0, None, None, format="DD/MM/YYYY", remarks=(Finding.AMBIGUOUS_DATE,))
    number = Column(
        "a", ColumnType.INTEGER, 0, None, None, format="1.234", remarks=(Finding.AMBIGUOUS_NUMBER,)
    )
    assert (form(date), form(number)) == ("date", "decimal")
