"""Batches as polars reads them."""

import pytest

from function.scan import scan
from function.scan.profile.small import BYTES


@pytest.mark.parametrize("start", ["\ufeff", "x^2", "x\x01", "xڀ"])
def test_a_batch_is_text_whatever_it_begins_with(start: str) -> None:
    records = f"{start},1\n".encode() + b"a,2\n" * BYTES
    result = scan([b"formula,number\n" + records])
    assert result.error is None
    assert result.profile
    assert (result.profile.rows, result.profile.columns[0].max) == (
        1 + BYTES,
        max(start.lstrip("\ufeff"), "a"),
    )
