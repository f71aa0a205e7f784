"""Where a part stops."""

import pytest

from function.scan.parts import bounded
from function.scan.parts.merge import merge
from function.scan.parts.model import Merged
from function.scan.parts.part import read_part
from function.scan.parts.plan import plan
from function.scan.records import reader
from tests.support.parts.equality import check
from tests.unit.support.tables import LENIENT

MB = 1 << 20


@pytest.mark.parametrize("end", ["\n\n", "\r\r\n", "\r\n\r\n", "\n \t\n"])
def test_a_part_stops_between_records_that_all_have_a_blank_line_behind_them(end: str) -> None:
    data = end.join(["id,name,value", *["5,a,2"] * 99, ""]).encode()
    for part_bytes in range(100, 130):
        made = plan([data], len(data), LENIENT, part_bytes)
        assert made
        parts = [
            read_part(made, number, lambda offset: iter([data[offset:]])) for number in range(made.count)
        ]
        assert all(part.stop - part_bytes * (part.number + 1) < len(f"5,a,2{end}5,a,2") for part in parts)
        assert isinstance(merge(made, parts), Merged)


@pytest.mark.parametrize("quoted", [3 * MB, 4 * MB - 1000, 5 * MB, 9 * MB])
def test_a_record_is_as_long_as_it_may_be_wherever_a_part_ends(
    quoted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MAX_RECORD", 4 * MB)
    monkeypatch.setattr(bounded, "MAX_RECORD", 4 * MB)
    lines = b"1,a,2\n" * 40_000
    data = b"id,name,value\n" + lines + b'1,"' + quoted * b"z" + b'",2\n' + lines
    assert check(data, 200_000, LENIENT).scan
