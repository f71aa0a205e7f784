"""A merge of very many parts: it holds what it knows so far, and one part."""

import random
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

from function.domain.content import Use
from function.domain.instructions import Options
from function.scan.bytes.blocks import BLOCK
from function.scan.parts import wire
from function.scan.parts.merge import merge
from function.scan.parts.model import Merged, Part, Plan, TextOfPart
from function.scan.parts.plan import plan
from function.scan.profile.distinct import Sketch
from function.scan.profile.kinds.numbers import INTEGER
from function.scan.profile.summary import ColumnSummary
from function.scan.profile.tally import Tally
from function.scan.records.ledger import Ledger
from tests.support.parts.equality import check
from tests.unit.support.tables import LENIENT

WIDTH, RECORDS, BYTES = 10, 1_000_000, 1 << 26


def _plan(count: int) -> Plan:
    lines = [",".join(f"name{column}" for column in range(WIDTH)), *[",".join("1" * WIDTH)] * 20_000]
    made = plan(["\n".join(lines).encode()], count * BYTES, Options(), BYTES)
    assert made
    return made


def _document(draw: random.Random) -> bytes:
    """A part of a million records that all differ."""

    def column() -> ColumnSummary:
        hashes = [draw.getrandbits(54) for _ in range(Sketch().size)]
        return ColumnSummary(
            RECORDS, 0, ("1", "99"), 2, Sketch.of(hashes, len(hashes)), {INTEGER: ("1", "99")}
        )

    tally = Tally(Ledger(RECORDS, {Use.RECORD: RECORDS}), tuple(column() for _ in range(WIDTH)))
    text = TextOfPart("utf-8", BYTES, RECORDS, RECORDS)
    return wire.pack(*wire.part_document(Part(0, 0, BYTES, bytes(32), tally, text)))


def _parts(documents: list[bytes], count: int) -> Iterator[Part]:
    for number in range(count):
        part = wire.part_of(*wire.unpack(documents[number % len(documents)]))
        yield replace(part, number=number, start=number * BYTES, stop=(number + 1) * BYTES)


def test_the_first_part_that_is_not_ascii_has_the_encoding_of_all() -> None:
    def plain(size: int) -> bytes:
        return size // 1000 * (b"1," + 994 * b"a" + b",2\n")

    own = "1,Málaga,2\n".encode("cp1252") * 30
    other = "1,Žďár nad Sázavou,2\n".encode() * 30
    blocks = b"id,name,value\n" + plain(BLOCK + 9000) + own + plain(BLOCK)
    data = blocks + 9 * (other + plain(100_000))
    found = check(data, 100_000, LENIENT)
    assert found.scan
    assert found.scan.profile
    assert found.scan.profile.dialect.encoding == "cp1252"
    assert (found.rounds, found.again > 5) == (1, True)


def test_a_merge_of_very_many_parts_holds_no_more_than_one_of_few() -> None:
    draw = random.Random(1)
    documents = [_document(draw) for _ in range(8)]

    def peak(count: int) -> int:
        made = _plan(count)
        tracemalloc.start()
        merged = merge(made, _parts(documents, count))
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert isinstance(merged, Merged)
        assert merged.scan.profile
        assert merged.scan.profile.rows == count * RECORDS
        return held

    assert peak(800) < 1.1 * peak(40)
