"""Numbers are known by how they are written, and what only looks like one stays text."""

from decimal import Decimal
from itertools import product

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from function.domain.content import Column, Profile
from function.scan.profile.kinds.numbers import INTEGER
from tests.unit.support.tables import read


def profile(table: dict[str, list[str]], delimiter: str = ";") -> Profile:
    rows = [list(table), *zip(*table.values(), strict=True)]
    text = "".join(delimiter.join(f'"{cell}"' for cell in row) + "\n" for row in rows)
    found = read(text.encode()).profile
    assert found is not None
    assert found.dialect.delimiter == delimiter
    return found


def column(values: list[str], delimiter: str = ";") -> Column:
    return profile({"k": ["x"] * len(values), "v": values}, delimiter).columns[1]


@pytest.mark.parametrize(
    ("values", "type_", "low", "high", "form"),
    [
        (["1,234.56", "999.5", "-1,234,567.00"], "decimal", "-1,234,567.00", "1,234.56", "1,234.56"),
        (["1.234,56", "999,5", "12"], "decimal", "12", "1.234,56", "1.234,56"),
        (["1 234,56", "10 000", "5,1"], "decimal", "5,1", "10 000", "1 234,56"),
        (["1\u202f234,5", "10\u00a0000"], "decimal", "1\u202f234,5", "10\u00a0000", "1 234,56"),
        (["1'234.56", "9.5", "1\u2019000"], "decimal", "9.5", "1'234.56", "1'234.56"),
        (["10,5", "9,25", ",5"], "decimal", ",5", "10,5", "1234,56"),
        (["1,234,567", "12", "-3,000"], "integer", "-3,000", "1,234,567", "1,234"),
        (["1.234.567", "12"], "integer", "12", "1.234.567", "1.234"),
        (["1 234", "999", "12 000 000"], "integer", "999", "12 000 000", "1 234"),
        (["0,001", "0,002"], "decimal", "0,001", "0,002", "1234,56"),
        (["9" * 20 + ",1", "9" * 20 + ",2"], "decimal", "9" * 20 + ",1", "9" * 20 + ",2", "1234,56"),
        (["12345", "1,234.5"], "decimal", "1,234.5", "12345", "1,234.56"),
        (["9" * 50, "1"], "decimal", "1", "9" * 50, None),
    ],
)
def test_extremes_follow_the_format_that_is_named(
    values: list[str], type_: str, low: str, high: str, form: str | None
) -> None:
    found = column(values)
    assert (found.type, found.min, found.max, found.format) == (type_, low, high, form)


@pytest.mark.parametrize(
    "values",
    [
        ["007", "1,234"],
        ["0123", "12"],
        ["0,123,456", "1"],
        ["01.234,5", "1,5"],
        ["192.168.100.101", "172.100.200.254"],
        ["192.168.1.1", "10.0.0.1"],
        ["1.2.3", "1.10.0"],
        ["555 123 456", "601 234 567"],
        ["555.123.456", "601.234.567"],
        ["+48 601 234 567", "+48 22 123"],
        ["555-1234", "555-5678"],
        ["12,34,567", "1,00,000"],
        ["1,2,3", "4,5"],
        ["1,234.56", "1.234,56"],
        ["1,23", "1.23"],
        ["1234,567.8", "1"],
        ["1 234 56", "1"],
        ["5,", "6,"],
        ["12:30", "1,5"],
        ["4111 1111 1111 1111", "5500 0000 0000 0004"],
    ],
)
def test_what_only_looks_like_a_number_is_text(values: list[str]) -> None:
    found = column(values)
    assert (found.type, found.format) == ("string", None)


@pytest.mark.parametrize(
    ("delimiter", "value", "type_", "form", "warned"),
    [
        (",", "1,234", "integer", "1,234", False),
        (";", "1,234", "decimal", "1234,56", True),
        (",", "1.234", "decimal", None, None),
        (";", "1.234", "decimal", None, True),
    ],
)
def test_a_mark_before_three_digits_follows_the_rule_and_is_remarked(
    delimiter: str, value: str, type_: str, form: str | None, warned: bool | None
) -> None:
    found = profile({"name": ["x", "y"], "v": [value, "12"]}, delimiter)
    numbers = found.columns[1]
    assert (numbers.type, numbers.format) == (type_, form)
    assert ("ambiguous_number" in numbers.remarks) == (warned is not None)
    assert [each.code for each in found.warnings] == (["ambiguous_number"] if warned else [])
    if warned:
        assert "column 'v' was read as" in found.warnings[0].message


@pytest.mark.parametrize(
    ("value", "other", "type_", "form"),
    [
        ("1,234", "0.5", "integer", "1,234"),
        ("1,234", "0,5", "decimal", "1234,56"),
        ("1.234", "0,5", "integer", "1.234"),
        ("1.234", "0.5", "decimal", None),
    ],
)
def test_the_other_columns_tell_what_a_mark_before_three_digits_means(
    value: str, other: str, type_: str, form: str | None
) -> None:
    found = profile({"v": [value, "12"], "other": [other, "1"]})
    assert (found.columns[0].type, found.columns[0].format) == (type_, form)
    assert found.columns[0].remarks == ("ambiguous_number",)
    assert not found.warnings


FORMATS = {
    "1,234.56": ",.",
    "1.234,56": ".,",
    "1 234,56": " ,",
    "1'234.56": "'.",
    "1234,56": "\0,",
    None: "\0.",
}
FORMATS |= {"1,234": ",.", "1.234": ".,", "1 234": " ,", "1'234": "'.", "1 234.56": " .", "1'234,56": "',"}


def written(number: Decimal, form: str | None) -> str:
    thousands, point = tuple(FORMATS[form])
    plain = f"{number:,f}" if thousands != "\0" else f"{number:f}"
    return plain.replace(",", "\1").replace(".", point).replace("\1", thousands)


def meant(text: str, form: str | None) -> Decimal:
    thousands, point = tuple(FORMATS[form])
    return Decimal(text.replace(thousands, "").replace(point, "."))


NUMBERS = st.lists(
    st.decimals(-(10**8) + 1, 10**8 - 1, places=0) | st.decimals(-(10**6), 10**6, places=2),
    min_size=1,
    max_size=30,
)


@given(NUMBERS, st.sampled_from(list(FORMATS)), st.sampled_from(["", " ", "   "]), st.data())
def test_numbers_are_read_as_they_were_written_or_remarked(
    numbers: list[Decimal], form: str | None, blanks: str, data: st.DataObject
) -> None:
    before, behind = (data.draw(st.sampled_from(["", blanks])) for _ in range(2))
    found = column([f"{before}{written(number, form)}{behind}" for number in numbers])
    assert (
        found.type == ("decimal" if any("." in str(number) for number in numbers) else "integer")
        or found.remarks
    )
    if "ambiguous_number" not in found.remarks:
        assert found.min is not None
        assert found.max is not None
        assert (meant(found.min, found.format), meant(found.max, found.format)) == (
            min(numbers),
            max(numbers),
        )
    assert ("padded_values" in found.remarks) == bool(before or behind)


def test_what_a_cast_leaves_clear_is_a_whole_number() -> None:
    """The short way of `INTEGER` agrees with its pattern on every text of up to four of these characters."""
    texts = [
        "".join(each) for size in range(1, 5) for each in product("0129+-. _eEx\t\u0661,\n", repeat=size)
    ]
    frame = pl.DataFrame({"text": [*texts, "9" * 38, "9" * 39, "-" + "9" * 38, "1" + "0" * 38]})
    text, key, unclear = pl.col("text"), INTEGER.key, INTEGER.unclear
    assert key is not None
    assert unclear is not None
    clear = frame.filter(key(text).is_not_null() & ~unclear(text))
    assert clear.height > 100
    assert clear.select(text.str.contains(INTEGER.whole).all()).item()
    assert frame.filter(text.str.contains(INTEGER.whole)).select(key(text).null_count()).item() == 0
