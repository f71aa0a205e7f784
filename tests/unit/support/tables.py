"""Tables, files made of them, and what the scan makes of those."""

import bz2
import csv
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from backports import zstd
from hypothesis import strategies as st

from function.domain.content import Profile, Scan
from function.domain.instructions import Options
from function.scan import scan
from function.scan.reading import Reading

LENIENT = Options(max_rejected=None, max_ragged=None)


def chunks(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def read(data: bytes, size: int = 1 << 20, options: Options = LENIENT) -> Scan:
    return scan(chunks(data, size), options)


def profile_of(data: bytes, options: Options = LENIENT, *, batch: int) -> tuple[Profile | None, str | None]:
    """The profile and the message of the error, with batches of a given size."""
    reading = Reading(options, batch=batch)
    error = None
    try:
        reading.read([data])
    except Exception as raised:
        error = str(raised)
    return reading.profile(), error


def records_of(data: bytes, options: Options = LENIENT, size: int = 1 << 20) -> list[list[str]]:
    """The data records themselves, out of the canonical form."""
    found: list[list[str]] = []
    for batch in Reading(options).batches(chunks(data, size)):
        text = io.StringIO(batch.data.decode(), newline="")
        found += csv.reader(text, delimiter=batch.delimiter, quotechar=batch.quote)
    return found


@dataclass(frozen=True)
class Form:
    """How a table is written."""

    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None
    line_end: str = "\n"
    all_quoted: bool = False
    last_line_end: bool = True
    encoding: str = "utf-8"
    pack: Callable[[bytes], bytes] = bytes

    def write(self, table: list[list[str]]) -> bytes:
        text = io.StringIO(newline="")
        broken = any(
            end in cell for row in table for cell in row for end in "\r\n"
        )  # the writer may not quote it
        csv.writer(
            text,
            delimiter=self.delimiter,
            quotechar=self.quote,
            escapechar=self.escape,
            doublequote=self.escape is None,
            lineterminator=self.line_end,
            quoting=csv.QUOTE_ALL if self.all_quoted or broken else csv.QUOTE_MINIMAL,
        ).writerows(table)
        whole = text.getvalue()
        return self.pack(
            (whole if self.last_line_end else whole.removesuffix(self.line_end)).encode(self.encoding)
        )

    @property
    def options(self) -> Options:
        return Options(
            self.delimiter, self.quote, self.encoding, header=True, max_rejected=None, max_ragged=None
        )


def zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("table.csv", data)
    return file.getvalue()


def plain(data: bytes) -> bytes:
    return data


FORMS = st.builds(
    Form,
    delimiter=st.sampled_from(",;\t|"),
    quote=st.sampled_from("\"'"),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    all_quoted=st.booleans(),
    last_line_end=st.booleans(),
    encoding=st.sampled_from(
        ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
    ),
    pack=st.sampled_from([plain, gzip.compress, bz2.compress, lzma.compress, zstd.compress, zipped]),
)


def tables(cells: st.SearchStrategy[str], least_width: int = 2) -> st.SearchStrategy[list[list[str]]]:
    """A header of plain names and up to twenty records of the same width."""

    def of(width: int) -> st.SearchStrategy[list[list[str]]]:
        header = [f"name{place}" for place in range(width)]
        rows = st.lists(st.lists(cells, min_size=width, max_size=width), max_size=20)
        return rows.map(lambda rows: [header, *rows])

    return st.integers(least_width, 6).flatmap(of)


WILD = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\r\n"), max_size=12)
TAME = st.one_of(
    st.from_regex(r"[A-Z][a-z]{2,8}( [a-z]{2,8}){0,2}", fullmatch=True),
    st.integers(-(10**6), 10**6).map(str),
    st.decimals(-1000, 1000, places=2).map(str),
    st.dates().map(str),
    st.sampled_from(["", 'say "hi"', "one\ntwo", "a, b; c"]),
)
