"""A type is what every value allows, over the whole file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from function.domain.content import Column
from function.domain.instructions import Options
from function.scan import scan
from tests.unit.support.tables import profile_of


def column(*values: str) -> Column:
    text = "k,v\n" + "".join(f"x,{value}\n" for value in values)
    result = scan([text.encode()])
    assert result.error is None
    assert result.profile is not None
    return result.profile.columns[1]


@pytest.mark.parametrize(
    ("values", "type_", "low", "high"),
    [
        (["10", "9", "-3"], "integer", "-3", "10"),
        (["12345678901234567", "98765432109876543210987654321"], "integer", "12345678901234567",
         "98765432109876543210987654321"),
        (["007", "123"], "string", "007", "123"),
        (["1.5", "10", ".25"], "decimal", ".25", "10"),
        (["0.1000000000000000000001", "0.1000000000000000000002"], "decimal", "0.1000000000000000000001",
         "0.1000000000000000000002"),
        (["1e3", "5"], "float", "5", "1e3"),
        (["NaN", "5", "-inf"], "float", "-inf", "5"),
        (["NaN"], "float", None, None),
        (["1e400", "5"], "string", "1e400", "5"),
        (["1", "N/A"], "string", "1", "N/A"),
        (["true", "FALSE"], "boolean", "FALSE", "true"),
        (["2024-02-29", "2023-12-31"], "date", "2023-12-31", "2024-02-29"),
        (["2024-02-30", "2023-12-31"], "string", "2023-12-31", "2024-02-30"),
        (["2024-02-29T10:00:00", "2024-02-28T09:00:00"], "datetime", "2024-02-28T09:00:00",
         "2024-02-29T10:00:00"),
        (["2024-02-29T10:00", "2024-02-29T25:00"], "string", "2024-02-29T10:00", "2024-02-29T25:00"),
        (["13/12/2024", "01/02/2025"], "date", "13/12/2024", "01/02/2025"),
        (["12/13/2024", "01/02/2025"], "date", "12/13/2024", "01/02/2025"),
        (["29.02.2023", "01.02.2025"], "string", "01.02.2025", "29.02.2023"),
        (["10:30:00", "09:00:00"], "time", "09:00:00", "10:30:00"),
        (["", '""'], "empty", None, None),
        (["", "5"], "integer", "5", "5"),
        ([" 5", "10 ", "\t7"], "integer", "5", "10"),
        (["  2024-02-29", "2024-03-01"], "date", "2024-02-29", "2024-03-01"),
        (["  x", "2"], "string", "  x", "2"),
        (["  ", "    "], "empty", None, None),
    ],
)  # fmt: skip
def test_type_and_extremes_are_those_of_all_values(
    values: list[str], type_: str, low: str | None, high: str | None
) -> None:
    found = column(*values)
    assert (found.type, found.min, found.max) == (type_, low, high)


@pytest.mark.parametrize("last", ["1.5", "x", "1e5", "2024-01-01"])
def test_last_value_of_a_long_file_decides_too(last: str) -> None:
    found = column(*["7"] * 5000, last)
    assert found.type == {"1.5": "decimal", "x": "string", "1e5": "float", "2024-01-01": "string"}[last]
    assert found.distinct == 2


def test_nulls_are_the_empty_fields() -> None:
    assert column("", '""', "x", " ").nulls == 2


def test_fields_of_blanks_are_nulls_too_where_the_type_is_no_text() -> None:
    assert column("", '""', "1", " ", "\t ").nulls == 4


def test_distinct_is_exact_while_few_and_close_when_many() -> None:
    assert column(*[str(number % 1000) for number in range(3000)]).distinct == 1000
    assert column(*[str(number) for number in range(50_000)]).distinct == pytest.approx(50_000, rel=0.1)


def test_longest_is_in_bytes() -> None:
    assert column("ab", "ää").longest == 4


def test_a_padded_value_is_read_without_its_blanks_wherever_it_comes_and_remarked() -> None:
    found = column(*["7"] * 5000, "    12  ")
    assert (found.type, found.max, found.remarks) == ("integer", "12", ("padded_values",))
    assert column(*["7"] * 5000, "12").remarks == ()


VALUES = [
    "",
    " ",
    "7",
    " 12",
    "1.5",
    "1,5",
    "1,234",
    "1.234",
    "1 234,5",
    "1'234",
    "01/02/2024",
    "2024-01-02",
    "x",
]


@given(st.lists(st.sampled_from(VALUES), max_size=30), st.lists(st.sampled_from(VALUES), max_size=3))
def test_types_do_not_depend_on_where_batches_are_cut(many: list[str], few: list[str]) -> None:
    values = many + few * 20
    data = ("k;v\n" + "".join(f"x;{value}\n" for value in values)).encode()
    options = Options(delimiter=";", quote="", header=True, max_ragged=None)
    whole, cut = (profile_of(data, options, batch=size) for size in (1 << 22, 40))
    assert whole == cut


@pytest.mark.parametrize("step", range(1, 9))
def test_there_are_never_more_different_values_than_values(step: int) -> None:
    """The estimate alone is above 2,999 for some of these."""
    found = scan([b"id\n" + b"".join(b"%d\n" % (number * step) for number in range(1, 3000))]).profile
    assert found is not None
    assert 2700 < found.columns[0].distinct <= 2999
