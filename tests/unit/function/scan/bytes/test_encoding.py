"""Encodings are found, and what none of them has is replaced and reported."""

import pytest

from function.domain.findings import Finding
from function.scan.bytes.blocks import BLOCK
from tests.unit.support.messy_table import PLAIN, is_right, profile


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le", "utf-32-be"])
def test_encodings_are_found(encoding: str) -> None:
    assert is_right(profile(PLAIN.encode(encoding)))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("id,město\n1,Plzeň\n2,Třebíč\n3,Žďár nad Sázavou\n4,Příbram\n", "cp1250"),
        ("id,город\n1,Москва\n2,Казань\n", "cp1251"),
        ("名前,年齢\n山田太郎,30\n鈴木花子,25\n", "cp932"),
        ("编号,城市\n1,北京\n2,广州市\n", "gb18030"),
    ],
)
def test_texts_of_old_encodings_keep_their_letters(text: str, encoding: str) -> None:
    found = profile(text.encode(encoding))
    assert [column.name for column in found.columns] == text.splitlines()[0].split(",")
    assert found.dialect.encoding == encoding


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_found_where_few_letters_are_ascii(encoding: str) -> None:
    found = profile(
        "".join(["编号,城市\n", *(f"{number},北京市朝阳区建国路\n" for number in range(20))]).encode(encoding)
    )
    assert ([column.name for column in found.columns], found.dialect.encoding) == (["编号", "城市"], encoding)


def test_a_first_letter_beyond_ascii_may_come_late() -> None:
    data = b"id,city\n" + b"1,London\n" * 300_000 + "2,Málaga\n".encode("cp1252")
    found = profile(data)
    assert (found.rows, found.columns[1].max) == (300_001, "Málaga")


def test_bytes_that_no_text_has_are_replaced_and_reported() -> None:
    found = profile("id,città\n1,x\n".encode() + b"2,\xff\n")
    assert (found.columns[1].max, found.findings[Finding.REPLACED_CHARACTERS]) == ("\ufffd", 1)
    assert [(sample.finding, sample.line) for sample in found.samples] == [(Finding.REPLACED_CHARACTERS, 3)]


@pytest.mark.parametrize("split", [1, 2])
def test_a_replacement_character_of_the_file_itself_is_none_though_two_blocks_have_it(split: int) -> None:
    start = f"id,città\n1,{20 * 'ä'}\n".encode()
    filler = (BLOCK - split - len(start) - 2) * b"x"
    found = profile(start + filler + "\n,\ufffd\n1,b\n2,".encode() + b"\xff\n")
    assert found.findings[Finding.REPLACED_CHARACTERS] == 1
