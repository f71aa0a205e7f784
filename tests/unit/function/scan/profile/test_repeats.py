"""A column whose values repeat is looked at value by value, with the same result as record by record."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from function.scan.profile import columns, repeats
from tests.unit.support.tables import profile_of

VALUES = st.sampled_from(
    [
        "", " ", "1", "007", "-5", "+5", "0", " 7 ", "1.5", ".5", "1e5", "1e400", "nan", "inf", "1,234", "1.234,56",
        "9" * 38, "9" * 39, "true", "False", "2024-02-29", "2023-02-29", "01/02/2024", "2024-01-01T10:00:00", "10:00",
        "red", '"quoted"', "é",
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=12))
def test_repeats_change_nothing(rows: list[list[str]]) -> None:
    lines = [";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    data = "\n".join(["a;b;c", *lines * (2 * repeats.MANY // len(rows)), ""]).encode()
    found = profile_of(data, batch=1 << 23)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "repeated", lambda *_: [])
        assert profile_of(data, batch=1 << 23) == found


def test_columns_with_few_different_values_are_found() -> None:
    frame = pl.DataFrame(
        {"few": ["a", "b"] * repeats.MANY, "many": [str(n) for n in range(2 * repeats.MANY)]}
    )
    assert repeats.repeated(frame, [2, 2 * repeats.MANY]) == ["few"]
    assert repeats.repeated(frame, [0, 0]) == ["few"]
    assert repeats.repeated(frame[: repeats.MANY - 1], [2, 2]) == []
    assert sorted(repeats.different(frame[["few"]])["few"].to_list()) == ["a", "b"]
