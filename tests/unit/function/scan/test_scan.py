"""What RFC 4180 asks for, and what is not certain fails with its line."""

import gzip
import hashlib
from collections.abc import Iterator

import pytest

from function.domain.content import Profile, Scan
from function.domain.errors import ErrorCode, FileError
from function.scan import Options, scan


def read(data: bytes, size: int = 1 << 20, options: Options = Options()) -> Scan:  # noqa: B008
    return scan((data[start : start + size] for start in range(0, len(data), size)), options)


def good(data: bytes, size: int = 1 << 20) -> Profile:
    result = read(data, size)
    assert result.error is None
    assert result.profile is not None
    return result.profile


def failure(data: bytes) -> FileError:
    result = read(data)
    assert result.error is not None
    return result.error


def names(profile: Profile) -> list[str]:
    return [column.name for column in profile.columns]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_counts_records_under_every_line_ending_and_chunk_size(end: bytes, last: bool, size: int) -> None:
    data = end.join([b"a,b", b'1,"x', b'y"', b'2,"say ""hi"""', b"3,z"]) + (end if last else b"")
    profile = good(data, size)
    assert names(profile) == ["a", "b"]
    assert profile.rows == 3
    assert profile.records.physical_lines == 5
    assert profile.columns[1].min == 'say "hi"'
    assert profile.columns[1].max == "z"


def test_hash_and_size_cover_the_stored_bytes() -> None:
    data = gzip.compress(b"a,b\n1,2\n")
    result = read(data)
    assert (result.sha256, result.size) == (hashlib.sha256(data).hexdigest(), len(data))


def test_hash_covers_every_byte_of_a_file_that_fails_early() -> None:
    data = b"a,b\n1,2,3\n" + b"4,5\n" * 1_000_000
    result = read(data)
    assert result.error is not None
    assert (result.sha256, result.size) == (hashlib.sha256(data).hexdigest(), len(data))


def test_gzip_with_many_members_is_one_file() -> None:
    data = gzip.compress(b"a,b\n1,") + gzip.compress(b"2\n3,4\n") + b"\0" * 512
    for size in (1, 7, 1000):
        profile = good(data, size)
        assert (profile.rows, profile.dialect.compression) == (2, "gzip")


def test_gzip_that_is_cut_is_refused() -> None:
    data = gzip.compress(b"a,b\n" + b"1,2\n" * 10_000)
    assert failure(data[:-5]).code is ErrorCode.CORRUPT_COMPRESSION


def test_gzip_with_a_flipped_byte_is_refused() -> None:
    data = bytearray(gzip.compress(b"a,b\n" + b"1,2\n" * 10_000))
    data[len(data) // 2] ^= 0xFF
    assert failure(bytes(data)).code is ErrorCode.CORRUPT_COMPRESSION


def test_byte_order_mark_is_not_part_of_the_first_name() -> None:
    for size in (1, 2, 1000):
        assert names(good("\ufeffä,b\n1,2\n".encode(), size)) == ["ä", "b"]


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n\n", gzip.compress(b"", mtime=0)])
def test_file_without_content_is_an_error(data: bytes) -> None:
    assert failure(data).code is ErrorCode.EMPTY_FILE


def test_header_alone_is_a_table_without_rows() -> None:
    profile = good(b"a,b\n")
    assert (names(profile), profile.rows) == (["a", "b"], 0)
    assert [column.type for column in profile.columns] == ["empty", "empty"]


def test_blank_lines_are_counted_and_are_no_records() -> None:
    profile = good(b"\n\na,b\n\n1,2\r\n\r\n3,4\n\n")
    assert (profile.rows, profile.records.blank) == (2, 5)
    assert profile.records.physical_lines == sum(profile.records.lines.values()) == 8


def test_blank_line_inside_quotes_is_content() -> None:
    profile = good(b'a,b\n1,"x\n\n\ny"\n')
    assert (profile.rows, profile.records.blank, profile.columns[1].min) == (1, 0, "x\n\n\ny")


@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
def test_delimiter_is_found(delimiter: str) -> None:
    profile = good(f"a{delimiter}b\n1{delimiter}2\n".encode())
    assert (names(profile), profile.dialect.delimiter) == (["a", "b"], delimiter)


def test_explicit_delimiter_wins() -> None:
    result = read(b"a,b;c\n1,2;3\n", options=Options(delimiter=";"))
    assert result.profile is not None
    assert names(result.profile) == ["a,b", "c"]


def test_without_header_the_columns_are_numbered() -> None:
    result = read(b"1,2\n3,4\n", options=Options(header=False))
    assert result.profile is not None
    assert (names(result.profile), result.profile.rows) == (["column_1", "column_2"], 2)


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"a,b\n1,2\n3\n", ErrorCode.RAGGED_ROWS, 3),
        (b"a,b\n1,2,3\n", ErrorCode.RAGGED_ROWS, 1),
        (b"a,b\n1,2\n\n1,2,3\n4,5\n", ErrorCode.RAGGED_ROWS, 4),
        (b'a,b\n"1\n1",2\n3,4,5\n', ErrorCode.RAGGED_ROWS, 4),
        (b'a,b\n1,2\n3,"5" pipe"\n', ErrorCode.UNBALANCED_QUOTE, 3),
        (b'a,b\n1,2\n3,"x" y\n', ErrorCode.UNBALANCED_QUOTE, 3),
        (b'a,b\n1,2\n3,"x\n4,5\n', ErrorCode.UNBALANCED_QUOTE, 3),
    ],
)
def test_what_is_not_certain_fails_with_its_line(data: bytes, code: ErrorCode, line: int) -> None:
    for size in (1, 5, 1000):
        result = scan(data[start : start + size] for start in range(0, len(data), size))
        assert result.error is not None
        assert (result.error.code, result.error.line) == (code, line)


def test_deadline_of_the_source_becomes_the_error_with_the_hash_so_far() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"a,b\n1,2\n"
        raise FileError(ErrorCode.TOO_LARGE, "late")

    result = scan(chunks())
    assert result.error is not None
    assert result.error.code is ErrorCode.TOO_LARGE
    assert result.size == 8


def test_fault_of_the_source_is_passed_on() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"a,b\n"
        raise ConnectionError("reset")

    with pytest.raises(ConnectionError):
        scan(chunks())
