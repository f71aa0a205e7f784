"""A file that is read in parts gives what reading it in one piece gives, or says that it is not sure."""

import os
import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from function.domain.instructions import Options
from function.scan.parts import merge
from function.scan.parts.model import Part
from tests.support.parts.damaged import invent
from tests.support.parts.equality import check
from tests.unit.support.tables import LENIENT

CORPUS = Path(os.environ.get("CSV_CORPUS", "")) / "files"
SAMPLES = sorted((Path(__file__).parents[5] / "local" / "samples").glob("*.csv"))
FILES = st.randoms(use_true_random=False).map(lambda draw: invent(draw, 12))
OPTIONS = st.sampled_from(
    [LENIENT, Options(), Options(encoding="cp1252", max_rejected=None, max_ragged=None)]
)
WHOLE = 'id,name,value\n1,"a\n2,b,3\n4,c",5\n6,"say ""x""",7\n8,d,9\n'
FEW = [
    WHOLE.encode(),
    WHOLE.replace("\n", "\r\n").encode(),
    WHOLE.replace("\n", "\r").encode(),
    b"id,name,value\r\n1,x,2\n3,y,4\r5,z,6\r\n\n7,v,8\r\r\n",
    "\ufeffid,name,value\n1,ä,2\n3,日本,4\n5,ö,6".encode(),
    "id,name,value\n1,ä,2\n3,öß,4\n5,ü,6\n".encode("cp1252"),
    b'id,name,value\n1,a,2\n3,"b,4\n5,c,6\n7,d" e,8\n9,f,0\n',
    b"id,name,value\n1,a,2\n3,b\n4,c,d,5\n\n# note\n6,e,7\nTotal,,9\n",
    b"id,name,value\n1,a,2\n\nid,name,value\n3,b,4\n\nx,y\n5,6\n7,8\n",
    b"id,name,value\n1,a,2\n,,\n,,\n3,\0,4\n\0\0\n\xff,c,5\n\nSource: us\n",
    b"# of us\nid,name,value\n1,a,2\n# one\n3,b,4\nTotal,,6\n# generated\n# by us\n",
    "id,name,value\n1,äöüßé,2\n\ufeff3,b,4\n5,".encode() + b"\xff,6\n",
    b"id,name,value\r\r\n1,a,2\r\r\n3,b,4\r\r\n5,c,6\r\r\n3 rows\r\r\n",
    b"d,name,value\r,\n",
    b"\x97\xe6\x97\xa5\xe6\x9c\xac\n\xef\xbb\xbfd",
]


@pytest.mark.parametrize("data", FEW)
def test_a_boundary_may_be_at_every_byte(data: bytes) -> None:
    check_sizes(data, range(1, len(data) + 1))


@settings(max_examples=60)
@given(FILES, st.sampled_from([1, 2, 3, 5, 8, 13, 21, 34, 55, 89]), OPTIONS)
def test_damaged_files_give_in_parts_what_they_give_in_one_piece(
    data: bytes, part_bytes: int, options: Options
) -> None:
    check(data, part_bytes, options)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_ordinary_files_are_read_in_parts_without_doubt(path: Path) -> None:
    data = path.read_bytes()
    assert check(data, len(data) // 7, LENIENT).scan


@pytest.mark.skipif(not CORPUS.is_dir(), reason="CSV_CORPUS names no corpus of messy files")
@pytest.mark.parametrize("part_bytes", [64, 4096])
def test_messy_files_give_in_parts_what_they_give_in_one_piece(part_bytes: int) -> None:
    for path in sorted(CORPUS.iterdir())[::3]:
        data = path.read_bytes()
        if part_bytes < len(data) < 20 * part_bytes:
            check(data, part_bytes, LENIENT)


def test_the_portions_in_which_the_bytes_arrive_do_not_matter() -> None:
    data = invent(random.Random(3), 30)
    for portion in (1, 7, 1 << 20):
        check(data, 50, LENIENT, portion)


def test_a_merge_that_does_not_compare_the_starts_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def add(chain: merge._Chain, part: Part) -> None:
        chain._root.update(part.digest)
        chain._count += 1
        if part.start is not None and part.start < chain._plan.size:
            chain._join(part)

    lines = "".join(f'{n},"a\n1,b,2\n3,c,4\n5,d",6\n' for n in range(9))
    data = f"id,name,value\n{lines}".encode()
    check_sizes(data, range(10, 60))
    monkeypatch.setattr(merge._Chain, "add", add)
    with pytest.raises(AssertionError, match="bytes a part"):
        check_sizes(data, range(10, 60))


def check_sizes(data: bytes, sizes: Iterable[int]) -> None:
    for part_bytes in sizes:
        check(data, part_bytes, LENIENT)
