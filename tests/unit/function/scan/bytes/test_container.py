"""Compressed files: all of their content or a refusal."""

import bz2
import gzip
import io
import lzma
import random
import zipfile
from collections.abc import Callable

import pytest
from backports import zstd

from function.domain.errors import ErrorCode
from function.domain.instructions import Options
from tests.unit.support.tables import read, zipped

CONTENT = b"id,note\n" + b"".join(b'%d,"note %d"\n' % (number, number * 7919) for number in range(20_000))
HALF = len(CONTENT) // 2


class Unseekable(io.BytesIO):
    """What a zip is written to by a program that streams it: sizes stand behind the data."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise OSError


def archive(*names: str, file: io.BytesIO | None = None, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = file or io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as zip_file:
        for name in names:
            zip_file.writestr(name, b"" if name.endswith("/") else CONTENT)
    return file.getvalue()


def members(pack: Callable[[bytes], bytes], padding: bytes = b"") -> bytes:
    return pack(CONTENT[:HALF]) + padding + pack(CONTENT[HALF:])


PACKED = {
    "gzip": members(gzip.compress, b"\0" * 100),
    "bzip2": members(bz2.compress),
    "xz": members(lzma.compress, b"\0" * 4),
    "zstd": members(zstd.compress),
    "zip": zipped(CONTENT),
}
ZIPS = {
    "streamed": archive("a.csv", file=Unseekable()),
    "stored": archive("a.csv", method=zipfile.ZIP_STORED),
    "in a folder, from a Mac": archive("d/", "d/a.csv", "__MACOSX/d/._a.csv"),
}


@pytest.mark.parametrize("size", [7, 1000, 1 << 20])
@pytest.mark.parametrize("name", PACKED)
def test_every_member_of_every_container_is_read(name: str, size: int) -> None:
    profile = read(PACKED[name], size).profile
    assert profile is not None
    assert (profile.rows, profile.dialect.compression) == (20_000, name)


@pytest.mark.parametrize("name", ZIPS)
def test_every_kind_of_zip_with_one_file_is_read(name: str) -> None:
    profile = read(ZIPS[name], 1000).profile
    assert profile is not None
    assert profile.rows == 20_000


@pytest.mark.parametrize("cut", [1, 3, 10, 1000])
@pytest.mark.parametrize("data", [*PACKED.values(), *ZIPS.values()], ids=[*PACKED, *ZIPS])
def test_a_container_that_is_cut_is_refused(data: bytes, cut: int) -> None:
    error = read(data[:-cut]).error
    assert error is not None
    assert error.code is ErrorCode.CORRUPT_COMPRESSION


@pytest.mark.parametrize("data", [*PACKED.values(), *ZIPS.values()], ids=[*PACKED, *ZIPS])
def test_a_flipped_bit_is_refused_or_changes_no_count(data: bytes) -> None:
    draw = random.Random(3)
    for _ in range(15):
        bad = bytearray(data)
        bad[draw.randrange(len(bad))] ^= 1 << draw.randrange(8)
        result = read(bytes(bad), options=Options())
        told = result.error or (result.profile and result.profile.warnings)
        assert told or (result.profile and result.profile.rows == 20_000)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (archive("a.csv", "b.csv"), ErrorCode.NOT_CSV),
        (archive("xl/workbook.xml"), ErrorCode.NOT_CSV),
        (archive("d/"), ErrorCode.EMPTY_FILE),
        (gzip.compress(gzip.compress(CONTENT)), ErrorCode.NOT_CSV),
    ],
)
def test_a_container_of_something_else_is_refused(data: bytes, code: ErrorCode) -> None:
    error = read(data).error
    assert error is not None
    assert error.code is code
