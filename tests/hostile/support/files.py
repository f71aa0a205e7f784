"""Files made to exhaust a reader: each a stream, so that none is ever held as a whole."""

import bz2
import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

from backports import zstd

Stream = Iterator[bytes]
MB = 1 << 20
RECORDS = b"1,2\n" * (MB // 4)


def gzip_bomb(megabytes: int = 200) -> Stream:
    """About 1,000:1."""
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    yield packer.compress(b"a,b\n")
    for _ in range(megabytes):
        yield packer.compress(RECORDS)
    yield packer.flush()


def nested_gzip_bomb() -> Stream:
    """About 1,000,000:1, a gzip inside a gzip."""
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    for part in gzip_bomb(1000):
        yield packer.compress(part)
    yield packer.flush()


def packed(pack: Callable[[bytes], bytes]) -> Stream:
    """Members of one letter, without a line end, each of 50 MB and some KB."""
    member = pack(b"x" * (50 * MB))
    for _ in range(6):
        yield member


def empty_members() -> Stream:
    """A hundred thousand gzip members with nothing in them."""
    yield gzip.compress(b"a,b\n1,2\n")
    empty = gzip.compress(b"")
    for _ in range(100):
        yield empty * 1000


def many(empty: bytes, start: bytes) -> Stream:
    """A hundred thousand members with nothing in them, behind one that has a table."""
    yield start
    for _ in range(100):
        yield empty * 1000


def zipped(name: str, content: Stream) -> Stream:
    """One file in a zip, packed at 1,000:1, and told of behind its data as a stream has it."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open(name, "w", force_zip64=True) as member,
    ):
        for part in content:
            member.write(part)
    yield file.getvalue()


def table(megabytes: int) -> Stream:
    yield b"a,b\n"
    for _ in range(megabytes):
        yield RECORDS


def distinct_names(number: int) -> Stream:
    for first in range(0, number, 1 << 16):
        yield b"".join(b"n%d," % place for place in range(first, min(number, first + (1 << 16))))
    yield b"\n"


def xz_window() -> Stream:
    """A dictionary of 1 GB is asked for, for a few bytes."""
    yield lzma.compress(b"a,b\n1,2\n", filters=[{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}])


def zstd_window() -> Stream:
    """A frame whose window is 2 GB: descriptor without a single segment, exponent 21."""
    yield b"\x28\xb5\x2f\xfd" + b"\x00" + bytes([21 << 3]) + struct.pack("<I", 8 << 3 | 1)[:3] + b"a,b\n1,2\n"


def overlapping_zip() -> Stream:
    """Ten entries of the directory stand for one and the same local file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"a,b\n" + RECORDS)
    data = file.getvalue()
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = data[start:end]
    directory = b"".join(entry.replace(b"a.csv", b"%d.csv" % number) for number in range(10))
    yield data[:start] + directory
    yield struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 10, 10, len(directory), start, 0)


def zip_of_long_names() -> Stream:
    """Names of 64 KB that end in a line feed, with a folder's name 7,000 times."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.csv", b"a,b\n1,2\n")
        for number in range(10):
            archive.writestr("__MACOSX/" * 7000 + f"{number}\n", b"")
    yield file.getvalue()


def columns(number: int) -> Stream:
    yield ",".join(f"c{place}" for place in range(number)).encode() + b"\n"
    for _ in range(3):
        yield b"1," * (number - 1) + b"1\n"


def no_line_end(text: bytes) -> Stream:
    """5 GB, of which the reader needs no more than the start, and S3Source reads the rest for its hash."""
    for _ in range(5 << 10):
        yield text * (MB // len(text))


def long_names(number: int = 20_000) -> Stream:
    """200 MB of names that all differ, each of 10,000 characters."""
    for place in range(number):
        yield f"name {place}".ljust(10_000, "x").encode() + b","
    yield b"\n"
    yield b"1," * number + b"\n"


def only_quotes() -> Stream:
    for _ in range(20):
        yield b'"' * MB


def never_closed() -> Stream:
    yield b'a,b\n1,"'
    for _ in range(100):
        yield b"x,y\n" * (MB // 4)


FILES: dict[str, Callable[[], Stream]] = {
    "gzip 1,000:1": gzip_bomb,
    "gzip 1,000,000:1": nested_gzip_bomb,
    "gzip members without content": empty_members,
    "bzip2 members without content": lambda: many(bz2.compress(b""), bz2.compress(b"a,b\n1,2\n")),
    "xz members without content": lambda: many(lzma.compress(b""), lzma.compress(b"a,b\n1,2\n")),
    "zstd frames without content": lambda: many(
        b"\x50\x2a\x4d\x18\0\0\0\0" + zstd.compress(b""), zstd.compress(b"a,b\n1,2\n")
    ),
    "zip 1,000:1": lambda: zipped("a.csv", table(200)),
    "zip in a zip": lambda: zipped("a.zip", zipped("a.csv", table(200))),
    "gzip in a zip": lambda: zipped("a.csv.gz", gzip_bomb()),
    "bzip2 of one letter": lambda: packed(bz2.compress),
    "xz of one letter": lambda: packed(lambda data: lzma.compress(data, preset=0)),
    "zstd of one letter": lambda: packed(zstd.compress),
    "xz with a dictionary of 1 GB": xz_window,
    "zstd with a window of 2 GB": zstd_window,
    "zip with overlapping entries": overlapping_zip,
    "zip with names of 64 KB": zip_of_long_names,
    "20,000 columns": lambda: columns(20_000),
    "a million columns": lambda: columns(1_000_000),
    "5 GB of one field": lambda: no_line_end(b"x"),
    "5 GB of one record": lambda: no_line_end(b"abcdefg,"),
    "names of 10,000 characters": long_names,
    "10 million distinct names": lambda: distinct_names(10_000_000),
    "quotes only": only_quotes,
    "a quote that is never closed": never_closed,
}
