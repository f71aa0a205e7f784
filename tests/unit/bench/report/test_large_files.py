"""The model of large files."""

import pytest

from bench.report.cost import GB_SECOND_DOLLARS
from bench.report.large_files import LargeFile, rows


def test_a_file_takes_as_many_waves_as_its_parts_need() -> None:
    few, many = LargeFile(10, 50, 2.0), LargeFile(10, 150, 2.0)
    assert few.parts == many.parts == 150
    assert few.seconds - many.seconds == pytest.approx(2 * 2.0)


def test_dollars_grow_with_the_size_and_not_with_the_time_saved() -> None:
    one, ten = LargeFile(1, 15, 2.0), LargeFile(10, 150, 2.0)
    assert 5 * one.dollars < ten.dollars < 10 * one.dollars  # the steps around the parts are paid once
    assert LargeFile(10, 100, 2.0).dollars <= ten.dollars


def test_what_lambda_cannot_do_in_one_invocation_is_said() -> None:
    assert [row[2] for row in rows(1.0, 12.0)][-1] == "longer than Lambda allows"
    assert "longer" not in rows(1.0, 12.0)[1][2]


def test_a_part_costs_its_seconds_of_lambda_and_a_transition_of_the_state_machine() -> None:
    few, many = LargeFile(10, 1, 1.0), LargeFile(20, 1, 1.0)  # one at a time: a single cold start in both
    of_a_part = (many.dollars - few.dollars) / (many.parts - few.parts)
    assert of_a_part == pytest.approx(1769 / 1024 * GB_SECOND_DOLLARS + 25e-6, rel=0.2)
