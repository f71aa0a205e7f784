from datetime import timedelta

import pytest

from ops.files.log import ago


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("6h", timedelta(hours=6)),
        ("7d", timedelta(days=7)),
    ],
)
def test_a_length_of_time_is_a_number_and_its_unit(text: str, length: timedelta) -> None:
    assert ago(text) == length


@pytest.mark.parametrize("text", ["", "m", "15", "-1h", "1.5h", "yesterday", "1 h"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="as 15m"):
        ago(text)
