"""What is not CSV is refused, and named."""

import pytest

from function.errors import ErrorCode
from tests.unit.scan.tables import read


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n1 0 obj\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"PAR1\x15\x04\x15\x10", "Parquet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "Excel"),
        (b"name" + b"\0" * 253 + b"ustar\x0000", "tar"),
        (b"<!DOCTYPE html>\n<html><body>a,b</body></html>", "HTML"),
        ("  <?xml version='1.0'?><a/>".encode("utf-16"), "XML"),
        (b'{"a": 1, "b": 2}', "JSON"),
        (b'{"a": 1}\n{"a": 2}\n', "JSON"),
        (b'[\n  {"a": 1},\n  {"a": 2}\n]', "JSON"),
        (b"[1, 2, 3]", "JSON"),
        (bytes(range(1, 32)) * 40, "binary"),
    ],
)
def test_what_is_not_csv_is_refused_by_its_name(data: bytes, what: str) -> None:
    result = read(data)
    assert result.profile is None
    assert result.error is not None
    assert result.error.code is ErrorCode.NOT_CSV
    assert what in result.error.message


@pytest.mark.parametrize(
    "data",
    [b'id|json\n1|{"a": 1}\n2|{"b": 2}\n', b"tag,text\n<b>,bold\n<i>,italic\n", b'key,value\n"[1,2]",3\n'],
)
def test_cells_of_another_format_do_not_make_a_file_of_it(data: bytes) -> None:
    profile = read(data).profile
    assert profile is not None
    assert len(profile.columns) == 2
