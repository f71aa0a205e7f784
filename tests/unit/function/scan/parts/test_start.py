"""Where the first record of a part is thought to start."""

from typing import Any

import pytest

from function.domain.instructions import Options
from function.scan.parts.plan import plan
from function.scan.parts.start import StartFinder
from tests.support.parts.equality import check
from tests.unit.support.tables import LENIENT

RECORDS = [r'"1","a \"b\" \\","5"', r'"2","c, \\ d","6"', r'"3","\\\\","7"', r'"4","e f",""', '"5","\\\n",""']


@pytest.mark.parametrize("part_bytes", range(600, 620, 3))
def test_an_escaped_quote_neither_opens_nor_closes(part_bytes: int) -> None:
    data = "\n".join(['"id","name","value"', *60 * RECORDS, ""]).encode()
    found = check(data, part_bytes, LENIENT)
    assert found.scan
    assert found.scan.profile
    assert found.scan.profile.dialect.escape == "\\"
    assert found.again == 0


class Counted(bytes):
    """Bytes that note how many of them were looked at for quotes."""

    looked_at = 0

    def count(self, *asked: Any) -> int:
        _, start, end = asked
        self.looked_at += end - start
        return super().count(*asked)


def test_each_byte_of_a_long_quoted_field_is_looked_at_once_inside_and_once_outside() -> None:
    table = b"id,name\n" + b'1,"x"\n' * 100
    made = plan(iter([table]), len(table), Options(), 100)
    assert made
    window = Counted(b'"' + b"x\n" * 10_000)
    StartFinder(made.head.layout, "utf-8").find(window, 0)
    assert len(window) / 2 < window.looked_at <= 2 * len(window)
