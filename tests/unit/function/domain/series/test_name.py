import pytest
from hypothesis import given
from hypothesis import strategies as st

from function.domain.series.name import series_name


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("sales/2025-09-02.csv", "sales/#-#-#.csv"),
        ("sales/20250902T143000Z_eu.csv.gz", "sales/#T#Z_eu.csv.gz"),
        ("year=2025/month=09/part-00017.csv", "year=#/month=#/part-#.csv"),
        ("in/6f0e5b2c-54b1-4e7c-9f55-0a1b2c3d4e5f.csv", "in/#.csv"),
        ("in/6F0E5B2C54B14E7C9F550A1B2C3D4E5F/data.csv", "in/#/data.csv"),
        ("report 02Sep2025.csv", "report #.csv"),
        ("report-2-September-2025.csv", "report-#-#-#.csv"),
        ("May_2025/march.csv", "#_#/march.csv"),
        ("decimals/octopus.csv", "decimals/octopus.csv"),
        ("data.csv", "data.csv"),
    ],
)
def test_digits_dates_and_uuids_make_no_difference(key: str, name: str) -> None:
    assert series_name(key) == name


@given(
    st.dates(),
    st.dates(),
    st.sampled_from(["in/%Y-%m-%d.csv", "%d%b%Y/x.csv", "%B_%d_%Y.csv", "%Y%m%d-a.csv"]),
)
def test_two_days_of_one_pattern_are_of_one_series(one: object, other: object, pattern: str) -> None:
    assert series_name(f"{one:{pattern}}") == series_name(f"{other:{pattern}}")


@given(st.uuids(), st.uuids())
def test_two_uuids_are_of_one_series(one: object, other: object) -> None:
    assert series_name(f"x/{one}.csv") == series_name(f"x/{other}.csv") == "x/#.csv"


@given(st.text(max_size=60))
def test_the_name_of_a_name_is_the_same(key: str) -> None:
    assert series_name(series_name(key)) == series_name(key)
