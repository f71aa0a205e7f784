"""A table is made into what is no CSV, is written in an old encoding, or is packed with other files: it is refused,
read right, or read with a warning."""

import base64
import bz2
import gzip
import io
import lzma
import pickle
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from function.domain.errors import ErrorCode
from function.domain.findings import Finding
from tests.unit.support.tables import read
from tests.unit.support.typed_tables import DELIMITERS, LINE_ENDS, Table, is_right, typed_tables, written

WESTERN = "äöüßéèêçñáíóúàâîôûæøåÄÖÜÉ"
SIGNS = [
    "£5", "7½", "5µ", "±2", "20°C", "\u201cso\u201d", "it\u2019s", "§ 3", "10 €", "m²", "5\u20137", "a…", "©", "3\u00d74", "¼ in",
]  # fmt: skip

NO_TABLES: dict[str, Callable[[bytes], bytes]] = {
    "EBCDIC": lambda data: data.decode().encode("cp037"),
    "zlib": zlib.compress,
    "base64": base64.encodebytes,
    "base64 in one line": base64.b64encode,
    "pickle": lambda data: pickle.dumps(data.decode().splitlines()),
    "LZMA": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
    "reversed": lambda data: bytes(byte ^ 0xAA for byte in data),
    "PGP": lambda data: (
        b"-----BEGIN PGP MESSAGE-----\n\n" + base64.encodebytes(data) + b"-----END PGP MESSAGE-----\n"
    ),
    "HTML": lambda data: b"<p>" + data.replace(b"<", b"") + b"</p>\n",
    "JSON": lambda data: b'{"rows": "' + base64.b64encode(data) + b'"}',
    "SQL": lambda data: b"INSERT INTO t VALUES ('" + data.replace(b"'", b"") + b"');\n",
    "YAML": lambda data: (
        b"table:\n" + b"".join(b"  - row: " + line + b"\n" for line in data.replace(b":", b"").splitlines())
    ),
    "a log": lambda data: b"".join(
        b"2024-01-01 10:00:%02d INFO app %d\n" % (n % 60, n) for n in range(min(len(data), 60))
    ),
}


@pytest.mark.parametrize("name", NO_TABLES)
@given(table=typed_tables(least_rows=4), delimiter=DELIMITERS, line_end=LINE_ENDS)
def test_what_a_table_was_made_into_is_refused(
    name: str, table: Table, delimiter: str, line_end: str
) -> None:
    data = written(table, delimiter, line_end).encode()
    assume(len(data) > 30)  # four letters of base64 are a word
    result = read(NO_TABLES[name](data))
    assert result.error is not None
    assert result.error.code in (ErrorCode.NOT_CSV, ErrorCode.CORRUPT_COMPRESSION)


@given(st.binary(min_size=100, max_size=3000))
def test_bytes_at_random_are_refused(data: bytes) -> None:
    assume(len(set(data)) > 60)
    assert read(data).error is not None


@given(
    typed_tables(least_rows=4, least_width=3),
    st.sampled_from(",;|\t"),
    st.lists(st.sampled_from(SIGNS), min_size=1, max_size=3),
    st.data(),
)
def test_a_few_signs_of_windows_are_read_as_that_and_swallow_no_delimiter(
    table: Table, delimiter: str, signs: list[str], data: st.DataObject
) -> None:
    for sign in signs:
        row = data.draw(st.integers(1, len(table) - 1))
        table[row][data.draw(st.integers(0, len(table[0]) - 1))] = sign
    result = read(written(table, delimiter).encode("cp1252"))
    assert result.profile is not None
    assert (result.profile.rows, len(result.profile.columns)) == (len(table) - 1, len(table[0]))
    assert result.profile.dialect.encoding == "cp1252"


@given(
    typed_tables(least_rows=4),
    DELIMITERS,
    st.lists(
        st.text(WESTERN + "abcdefgh", min_size=3, max_size=8).filter(lambda t: not t.isascii()), min_size=4
    ),
)
def test_western_words_end_no_field_early(table: Table, delimiter: str, words: list[str]) -> None:
    table = [[*row, words[place % len(words)]] for place, row in enumerate(table)]
    result = read(written(table, delimiter).encode("cp1252"))
    assert result.profile is not None
    assert (result.profile.rows, len(result.profile.columns)) == (len(table) - 1, len(table[0]))


@given(typed_tables(), DELIMITERS, st.integers(1, 3), st.booleans())
def test_a_byte_order_mark_within_is_found_and_said(
    table: Table, delimiter: str, times: int, header: bool
) -> None:
    first, rest = written(table, delimiter), written(table if header else table[1:], delimiter)
    result = read(("\ufeff" + first + ("\ufeff" + rest) * times).encode())
    assert result.profile is not None
    assert result.profile.rows == (len(table) - 1) * (times + 1) + (times if header else 0)
    assert result.profile.findings[Finding.BYTE_ORDER_MARK] == times
    assert result.profile.columns[0].name == table[0][0]


@given(typed_tables(least_rows=4), DELIMITERS, st.integers(1, 40))
def test_zeros_in_ascii_are_no_utf_16(table: Table, delimiter: str, zeros: int) -> None:
    for row in table[1:]:
        row[-1] += "\0" * zeros
    result = read(written(table, delimiter).encode())
    assert result.profile is not None
    assert result.profile.dialect.encoding == "utf-8"
    assert is_right(result.profile, table)


@given(typed_tables(least_rows=3), DELIMITERS, st.sampled_from(["utf-16-le", "utf-16-be"]))
def test_utf_16_behind_ascii_is_refused_or_said(table: Table, delimiter: str, encoding: str) -> None:
    text = written(table, delimiter)
    result = read(text.encode() + text.encode(encoding))
    assert result.error or (result.profile and result.profile.warnings)


JUNK = {
    "__MACOSX/._table.csv": b"\0\5\x16\7\0\2\0\0Mac OS X",
    "data/.DS_Store": b"\0\0\0\1Bud1",
    ".DS_Store": b"\0\0\0\1Bud1",
    "Thumbs.db": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "data/._table.csv": b"\0\5\x16\7",
    "README.txt": b"This is the table, as agreed.\n",
    "data/readme.md": b"# The table\n",
    "data/": b"",
}


@given(
    typed_tables(),
    DELIMITERS,
    st.lists(st.sampled_from(sorted(JUNK)), unique=True, max_size=4),
    st.integers(0, 4),
    st.booleans(),
)
def test_the_one_table_of_a_zip_is_read_whatever_lies_beside_it(
    table: Table, delimiter: str, names: list[str], place: int, long: bool
) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names[:place]:
            archive.writestr(name, JUNK[name])
        with archive.open("data/table.csv", "w", force_zip64=long) as member:
            member.write(written(table, delimiter).encode())
        for name in names[place:]:
            archive.writestr(name, JUNK[name])
    result = read(file.getvalue())
    assert result.profile is not None
    assert is_right(result.profile, table)
    assert bool(result.profile.warnings) == any("readme" in name.lower() for name in names)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
@given(table=typed_tables(), delimiter=DELIMITERS, behind=st.binary(min_size=8, max_size=600))
def test_bytes_behind_a_member_are_left_out_and_said(
    pack: Callable[[bytes], bytes], table: Table, delimiter: str, behind: bytes
) -> None:
    assume(not behind.lstrip(b"\0").startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ")))
    result = read(pack(written(table, delimiter).encode()) + behind)
    assert result.profile is not None
    assert is_right(result.profile, table)
    assert bool(result.profile.findings.get(Finding.TRAILING_BYTES)) == bool(behind.strip(b"\0"))
