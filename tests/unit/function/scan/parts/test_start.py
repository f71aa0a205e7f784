"""Where the first record of a part is thought to start."""

import pytest

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
