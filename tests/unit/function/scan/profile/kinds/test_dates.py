"""Dates are known by how they are written, and day and month that cannot be told apart are remarked."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from function.domain.content import Column, Profile
from function.domain.findings import Finding
from tests.unit.support.tables import read


def profile(*rows: tuple[str, ...]) -> Profile:
    names = "|".join(f"name{place}" for place in range(len(rows[0]))) + "\n"
    found = read((names + "".join("|".join(row) + "\n" for row in rows)).encode()).profile
    assert found is not None
    return found


def column(*values: str) -> Column:
    return profile(*(("x", value) for value in values)).columns[1]


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["13/12/2024", "1/2/2025"], "D/M/YYYY"),
        (["12/13/2024", "1/2/2025"], "M/D/YYYY"),
        (["31.12.2024", "01.01.2025"], "DD.MM.YYYY"),
        (["25/12/2024 10:00", "01/02/2025 09:30:15"], "DD/MM/YYYY HH:MM[:SS]"),
        (["12/25/2024 1:00", "01/02/2025 09:30"], None),
        (["31/1/2024 01:00", "1/2/2024 09:30"], "D/M/YYYY HH:MM[:SS]"),
        (["30/02/2024", "01/02/2025"], None),
    ],
)
def test_format_of_dates_is_named(values: list[str], form: str | None) -> None:
    found = column(*values)
    assert found.format == form
    assert (found.type == "string") == (form is None)
    if form:
        assert (found.min, found.max) == (values[0], values[1])


@pytest.mark.parametrize(
    "values", [["01/02/2024", "12/11/2024"], ["1/2/2024"], ["01-02-2024"], ["01/02/2024 10:00"]]
)
def test_day_and_month_that_cannot_be_told_apart_are_in_doubt(values: list[str]) -> None:
    found = profile(*(("x", value) for value in values))
    assert found.columns[1].remarks == ("ambiguous_date",)
    assert [each.code for each in found.warnings] == ["ambiguous_date"]
    assert found.findings[Finding.AMBIGUOUS_DATE] == 1
    assert f"column 'name1' was read as {found.columns[1].format}, not M" in found.warnings[0].message


def test_other_dates_of_the_table_tell_which_is_the_day() -> None:
    found = profile(("01/02/2024", "12/31/2024"), ("03/04/2024", "01/02/2024"))
    assert [each.format for each in found.columns] == ["MM/DD/YYYY", "MM/DD/YYYY"]
    assert [each.remarks for each in found.columns] == [("ambiguous_date",), ()]
    assert not found.warnings


def test_nothing_is_in_doubt_where_day_and_month_are_equal() -> None:
    found = profile(("x", "01/01/2024"), ("y", "02/02/2024"))
    assert (found.columns[1].type, found.columns[1].remarks, found.warnings) == ("date", (), ())


ORDERS = {
    "DD/MM/YYYY": "%d/%m/%Y",
    "MM/DD/YYYY": "%m/%d/%Y",
    "DD.MM.YYYY": "%d.%m.%Y",
    "DD-MM-YYYY": "%d-%m-%Y",
}
ORDERS |= {"YYYY-MM-DD": "%Y-%m-%d", "YYYY/MM/DD": "%Y/%m/%d", "MM-DD-YYYY": "%m-%d-%Y"}


@given(
    st.lists(st.dates(date(1000, 1, 1)), min_size=1, max_size=20),
    st.sampled_from(list(ORDERS)),
    st.booleans(),
)
def test_dates_are_read_as_they_were_written_or_remarked(days: list[date], form: str, padded: bool) -> None:
    found = column(*(f"{' ' * padded}{day.strftime(ORDERS[form])}" for day in days))
    assert found.type == "date"
    if "ambiguous_date" not in found.remarks:
        read_as = ORDERS[found.format or ""]
        extremes = [
            datetime.strptime(text or "", read_as).replace(tzinfo=UTC).date()
            for text in (found.min, found.max)
        ]
        assert extremes == [min(days), max(days)]
    assert ("padded_values" in found.remarks) == padded


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(
    datetime.fromisoformat("1000-01-02"), datetime.fromisoformat("9999-12-30"), timezones=ZONES
)


def offset(moment: datetime, style: str) -> str:
    text = moment.strftime("%z")
    hours, minutes = text[:3], text[3:5]
    whole_hours = minutes == "00"
    return {"basic": hours + minutes, "short": hours + (minutes if not whole_hours else "")}.get(
        style, f"{hours}:{minutes}"
    )


@given(
    st.lists(st.tuples(MOMENTS, st.sampled_from(["T", " "]), st.integers(0, 9), st.sampled_from(["", "basic", "short"])),
             min_size=1, max_size=20)
)  # fmt: skip
def test_moments_with_any_fraction_and_offset_are_ordered_in_time(
    drawn: list[tuple[datetime, str, int, str]],
) -> None:
    written = {}
    for moment, mark, digits, style in drawn:
        fraction = f".{moment.microsecond:06}000"[: digits + 1] if digits else ""
        shown = moment.replace(microsecond=int(f"{fraction[1:]:0<6}"[:6]))
        text = f"{shown:%Y-%m-%d}{mark}{shown:%H:%M:%S}{fraction}{offset(shown, style)}"
        written[text] = shown.astimezone(UTC)
    found = column(*written)
    assert (found.type, found.format) == ("datetime", "ISO 8601 with offset")
    assert written[found.min or ""] == min(written.values())
    assert written[found.max or ""] == max(written.values())


def test_other_dates_tell_nothing_where_they_disagree() -> None:
    found = profile(("01/02/2024", "12/31/2024", "31/12/2024"), ("03/04/2024", "01/02/2024", "01/02/2024"))
    assert [each.format for each in found.columns] == ["DD/MM/YYYY", "MM/DD/YYYY", "DD/MM/YYYY"]
    assert [each.code for each in found.warnings] == ["ambiguous_date"]
