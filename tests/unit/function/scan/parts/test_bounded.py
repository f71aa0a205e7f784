"""Where a part stops."""

import pytest

from function.scan.parts import bounded
from function.scan.records import reader
from tests.support.parts.equality import check
from tests.unit.support.tables import LENIENT

MB = 1 << 20


@pytest.mark.parametrize("quoted", [3 * MB, 4 * MB - 1000, 5 * MB, 9 * MB])
def test_a_record_is_as_long_as_it_may_be_wherever_a_part_ends(
    quoted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MAX_RECORD", 4 * MB)
    monkeypatch.setattr(bounded, "MAX_RECORD", 4 * MB)
    lines = b"1,a,2\n" * 40_000
    data = b"id,name,value\n" + lines + b'1,"' + quoted * b"z" + b'",2\n' + lines
    assert check(data, 200_000, LENIENT).scan
