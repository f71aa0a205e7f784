from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.configuration.schedule_expressions import fault, interval

BOUNDS = [(0, 59), (0, 23), (1, 31), (1, 12), (1, 7), (1970, 2199)]
DAY_OF_WEEK = 4


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 minute)",
        "rate(1 day)",
        "rate(36 hours)",
        "cron(0 6 * * ? *)",
        "cron(0/15 8-18 ? * MON-FRI *)",
        "cron(0-15/5 8-8 ? * 2,3,4 *)",
        "cron(0 0 L * ? *)",
        "cron(0 0 LW * ? *)",
        "cron(0 0 15W JAN,JUL ? 2026-2030)",
        "cron(0 10 ? * 6#3 *)",
        "cron(0 10 ? * FRIL 2026/2)",
        "cron( 0  6 * * ? * )",
    ],
)
def test_what_scheduler_takes_has_no_fault(expression: str) -> None:
    assert fault(expression) == ""


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("hourly", "neither a rate nor a cron"),
        ("at(2026-01-01T00:00:00)", "neither a rate nor a cron"),
        ("rate(5 bananas)", "minutes, hours or days"),
        ("rate(0 days)", "above 0"),
        ("rate(-1 day)", "above 0"),
        ("rate(1.5 hours)", "whole number"),
        ("rate(1 day", "whole number"),
        ("rate(1 hours)", "'hour' after 1"),
        ("rate(2 hour)", "'hours' after any other"),
        ("cron()", "6 fields, not 0"),
        ("cron(0 6 * * ?)", "6 fields, not 5"),
        ("cron(0 0 6 * * ? *)", "6 fields, not 7"),
        ("cron(0 6 * * * *)", "one of day-of-month and day-of-week"),
        ("cron(0 6 ? * ? *)", "one of day-of-month and day-of-week"),
        ("cron(60 6 * * ? *)", "minutes cannot be '60'"),
        ("cron(*/60 * * * ? *)", r"minutes cannot be '\*/60'"),
        ("cron(*/0 * * * ? *)", r"minutes cannot be '\*/0'"),
        ("cron(0 24 * * ? *)", "hours cannot be '24'"),
        ("cron(0 L * * ? *)", "hours cannot be 'L'"),
        ("cron(0 6 0 * ? *)", "day-of-month cannot be '0'"),
        ("cron(0 6 32W * ? *)", "day-of-month cannot be '32W'"),
        ("cron(0 6 1- * ? *)", "day-of-month cannot be '1-'"),
        ("cron(0 6 * FEBRUARY ? *)", "month cannot be 'FEBRUARY'"),
        ("cron(0 6 ? * 0 *)", "day-of-week cannot be '0'"),
        ("cron(0 6 ? * MON#6 *)", "day-of-week cannot be 'MON#6'"),
        ("cron(0 6 * * ? 1969)", "year cannot be '1969'"),
        ("cron(0, 6 * * ? *)", "minutes cannot be '0,'"),
        ("cron(? 6 * * ? *)", r"minutes cannot be '\?'"),
        ("cron(\u0661 6 * * ? *)", "minutes cannot be"),
    ],
)
def test_what_scheduler_refuses_is_named(expression: str, why: str) -> None:
    with pytest.raises(AssertionError, match=why):
        raise AssertionError(fault(expression))


@st.composite
def crons(draw: st.DrawFn) -> list[str]:
    """Six fields that are all right: `*`, values, ranges and steps, and `?` for one of the days."""
    fields = []
    for low, high in BOUNDS:
        value = st.integers(low, high).map(str)
        base = st.one_of(st.just("*"), value, st.tuples(value, value).map("-".join))
        step = st.one_of(st.just(""), st.integers(1, high).map(lambda number: f"/{number}"))
        items = draw(st.lists(st.tuples(base, step).map("".join), min_size=1, max_size=3))
        fields.append(",".join(items))
    fields[draw(st.sampled_from([2, DAY_OF_WEEK]))] = "?"
    return fields


@given(crons())
def test_every_combination_of_values_ranges_and_steps_is_taken(fields: list[str]) -> None:
    assert fault(f"cron({' '.join(fields)})") == ""


@given(crons(), st.sampled_from(range(6)), st.sampled_from([-1, 1]))
def test_a_value_beyond_a_bound_is_refused_wherever_it_stands(fields: list[str], at: int, side: int) -> None:
    if fields[at] != "?":
        low, high = BOUNDS[at]
        fields[at] += f",{low - 1 if side < 0 else high + 1}"
        assert fault(f"cron({' '.join(fields)})")


@given(st.integers(1, 99_999), st.sampled_from(["minute", "hour", "day"]))
def test_a_rate_is_taken_in_one_number_only(number: int, unit: str) -> None:
    spellings = {f"rate({number} {unit})", f"rate({number} {unit}s)"}
    taken = {each for each in spellings if not fault(each)}
    assert taken == {f"rate({number} {unit}{'' if number == 1 else 's'})"}


@given(st.text(max_size=40))
def test_text_that_is_no_expression_is_refused(text: str) -> None:
    assert fault(text)
    assert fault(f"cron({text})")


def test_the_interval_of_a_rate_is_known_and_that_of_a_cron_expression_is_not() -> None:
    assert interval("rate(1 day)") == timedelta(days=1)
    assert interval("rate(36 hours)") == timedelta(hours=36)
    assert interval("rate(90 minutes)") == timedelta(minutes=90)
    assert interval("cron(0 6 * * ? *)") is None
    assert interval("") is None
