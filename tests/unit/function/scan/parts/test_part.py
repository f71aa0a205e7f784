"""What of a part is certain."""

import pytest

from tests.support.parts.equality import check
from tests.unit.support.tables import LENIENT


def test_a_part_may_begin_with_a_zero() -> None:
    data = b"id,name,value\n" + b"\0,a,2\n" * 40
    for part_bytes in range(30, 40):
        assert check(data, part_bytes, LENIENT).scan


@pytest.mark.parametrize("portion", [1, 3, 1 << 20])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_text_of_two_bytes_a_character_is_found_wherever_a_part_begins(encoding: str, portion: int) -> None:
    wide = "1,b\n2,c\n".encode(encoding)
    for size in range(12, len(wide)):
        data = b"id,name,value\n1,a,2\n" + wide[:size] + b"\n3,b,4\n"
        for part_bytes in range(20, 38):
            check(data, part_bytes, LENIENT, portion)
