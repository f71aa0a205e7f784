import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.report.cost import GB_SECOND_DOLLARS, Cost, cheapest, dollars


def test_a_million_files_of_300_ms_cost_at_1_769_mb_what_the_architecture_says() -> None:
    assert dollars(0.3, 1769) == pytest.approx(6.90 + 0.20, abs=0.02)


@pytest.mark.parametrize(("seconds", "billed"), [(0.1, 0.1), (0.1001, 0.101), (0.0001, 0.001)])
def test_every_started_millisecond_is_billed(seconds: float, billed: float) -> None:
    assert dollars(seconds, 1024) == pytest.approx(1e6 * billed * GB_SECOND_DOLLARS + 0.20)


@given(st.floats(0.001, 900), st.integers(128, 10240))
def test_more_time_never_costs_less(seconds: float, memory: int) -> None:
    assert dollars(seconds, memory) <= dollars(seconds * 1.01, memory)


def cost(memory: int, large: float, peak: float = 200.0, middle: float = 0.1) -> Cost:
    return Cost(memory, 0.1, middle, large, peak)


def test_a_terabyte_is_five_thousand_files_of_200_mb() -> None:
    assert cost(1024, 4.0).terabyte_dollars == pytest.approx(5000 * (4.0 * GB_SECOND_DOLLARS + 0.20e-6))


def test_the_cheapest_size_is_the_smallest_that_takes_less_than_five_seconds() -> None:
    found = cheapest([cost(512, 9.0), cost(1024, 4.9), cost(1769, 3.0)])
    assert found
    assert found.memory_mb == 1024


def test_a_larger_size_is_the_cheapest_where_it_saves_more_time_than_it_costs() -> None:
    found = cheapest([cost(1024, 4.9, middle=0.2), cost(1769, 3.0, middle=0.1)])
    assert found
    assert found.memory_mb == 1769


def test_a_size_that_lambda_would_have_killed_is_no_choice() -> None:
    assert cheapest([cost(512, 4.0, peak=512.0)]) is None
