import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.report.figure import Figure, waits

positive = st.floats(0.001, 1000)


def rounds(*pairs: tuple[float, float]) -> Figure:
    return Figure([{"ours": {"cpu": ours}, "rival": {"cpu": rival}} for ours, rival in pairs])


def test_a_figure_is_the_median_of_its_rounds() -> None:
    figure = rounds((3.0, 1.0), (1.0, 1.0), (100.0, 1.0))
    assert figure.median("ours", "cpu") == 3.0


def test_a_ratio_is_taken_within_each_round_and_not_between_medians() -> None:
    figure = rounds((1.0, 2.0), (10.0, 20.0), (5.0, 5.0))
    assert figure.ratio("rival", "cpu") == 2.0


@given(st.lists(positive, min_size=1, max_size=9), positive)
def test_a_rival_that_always_takes_so_much_more_has_that_ratio_whatever_the_machine_does(
    ours: list[float], factor: float
) -> None:
    figure = rounds(*((each, each * factor) for each in ours))
    assert figure.ratio("rival", "cpu") == pytest.approx(factor)


def test_a_round_in_which_a_rival_failed_counts_for_the_others() -> None:
    figure = Figure([
        {"ours": {"cpu": 1.0}, "rival": {"error": "out of memory"}},
        {"ours": {"cpu": 3.0}, "rival": {"cpu": 6.0}},
    ])  # fmt: skip
    assert (figure.median("ours", "cpu"), figure.ratio("rival", "cpu")) == (2.0, 2.0)
    assert figure.failure("rival") == "out of memory"


def test_a_rival_that_always_failed_has_neither_median_nor_ratio() -> None:
    figure = Figure([{"ours": {"cpu": 1.0}, "rival": {"error": "no"}}])
    assert (figure.median("rival", "cpu"), figure.ratio("rival", "cpu")) == (None, None)


def test_a_figure_that_was_not_measured_says_why() -> None:
    figure = Figure.from_document({"error": "not done after 600 s"})
    assert (figure.competitors, figure.failure("ours")) == ([], "not done after 600 s")


def test_a_rate_is_in_millions_of_bytes_for_each_second() -> None:
    figure = Figure([{"ours": {"cpu": 2.0}}], {"bytes": 300_000_000})
    assert figure.rate("ours", "cpu") == 150.0


def test_what_a_delay_costs_is_told_in_turnarounds_that_were_waited_for() -> None:
    fast, slow = Figure([{"ours": {"wall": 0.030}}]), Figure([{"ours": {"wall": 0.110}}])
    assert waits(fast, slow, "ours", 0.020) == pytest.approx(4.0)
