"""The tables that are read: every value drawn anew, so that nothing repeats but what repeats in life."""

import gzip
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias

import numpy as np
import polars as pl
from backports import zstd

_BLOCK_BYTES = 16 * 10**6  # what is drawn at once
_DAY = np.datetime64("2020-01-01")
_NOTES = ["ok", "late, again", 'said "hi"', "line one\nline two", "x", "fine", "", "none"]
_CODES = ["x1", "y2", ""]
_LETTERS = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz ", dtype="S1")

Draw: TypeAlias = np.random.Generator
Column = Callable[[Draw, int], pl.Series]  # so many values


class Shape(NamedTuple):
    """A kind of table.

    Attributes:
        columns: what draws each of them, by name.
        packing: "gzip", "zstd" or none.
        quoted: whether every field is in quotes, or only those that must be.
    """

    columns: Mapping[str, Column]
    packing: str = ""
    quoted: bool = False


def _whole(draw: Draw, rows: int) -> pl.Series:
    return pl.Series(draw.integers(1, 10**6, rows))


def _decimal(draw: Draw, rows: int) -> pl.Series:
    return pl.Series(draw.integers(0, 10**8, rows) / 1000)


def _word(draw: Draw, rows: int) -> pl.Series:
    return pl.Series(draw.choice(["red", "green", "blue", ""], rows)).replace("", None)


def _text(draw: Draw, rows: int) -> pl.Series:
    """Twelve letters and blanks."""
    return pl.Series(draw.choice(_LETTERS, (rows, 12)).view("S12").ravel().astype(str))


def _date(draw: Draw, rows: int) -> pl.Series:
    return pl.Series((_DAY + draw.integers(0, 2000, rows)).astype("datetime64[ms]")).cast(pl.Date)


def _moment(draw: Draw, rows: int) -> pl.Series:
    seconds = (_DAY + draw.integers(0, 2000, rows)).astype("datetime64[s]") + draw.integers(0, 86_400, rows)
    return pl.Series(seconds.astype("datetime64[ms]")).dt.strftime("%Y-%m-%dT%H:%M:%S")


def _flag(draw: Draw, rows: int) -> pl.Series:
    return pl.Series(draw.integers(0, 2, rows) == 1)


def _note(draw: Draw, rows: int) -> pl.Series:
    """One in eight has a line end in its quotes."""
    return pl.Series(draw.choice(_NOTES, rows)).replace("", None)


def _code(draw: Draw, rows: int) -> pl.Series:
    return pl.Series(draw.choice(_CODES, rows)).replace("", None)


def _digit(draw: Draw, rows: int) -> pl.Series:
    return pl.Series(draw.integers(0, 10, rows))


def _number_of(*kinds: Column, columns: int) -> Mapping[str, Column]:
    return {f"name_{column}": kinds[column % len(kinds)] for column in range(columns)}


_USUAL = (_whole, _decimal, _word, _date, _flag, _text)
_MIXED = {
    "number": _whole, "amount": _decimal, "colour": _word, "day": _date, "moment": _moment, "flag": _flag,
    "share": _decimal, "note": _note, "digit": _digit, "code": _code,
}  # fmt: skip
SHAPES = {
    "plain": Shape(_number_of(*_USUAL, columns=10)),
    "gzip": Shape(_number_of(*_USUAL, columns=10), "gzip"),
    "zstd": Shape(_number_of(*_USUAL, columns=10), "zstd"),
    "numbers": Shape(_number_of(_whole, _decimal, columns=10)),
    "text": Shape(_number_of(_text, columns=10)),
    "quoted": Shape(_number_of(*_USUAL, columns=10), quoted=True),
    "mixed": Shape(_MIXED),
    "100 columns": Shape(_number_of(*_USUAL, columns=100)),
    "2,000 columns": Shape(_number_of(*_USUAL, columns=2000)),
}


class Table(NamedTuple):
    """A file that was written: where, how many rows it has, and how many bytes once unpacked."""

    path: Path
    rows: int
    size: int


def table(shape: str, size: int, folder: Path) -> Table:
    """Write the table, or find the one that was written before; `size` bytes of CSV, or little more."""
    made = SHAPES[shape]
    path = folder / f"{shape.replace(' ', '-').replace(',', '')}-{size}.csv{_SUFFIXES[made.packing]}"
    known = path.with_suffix(".rows")
    if not known.is_file():
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            rows, written = _write(made, size, file)
        unfinished.replace(path)
        known.write_text(f"{rows} {written}")
    rows, written = map(int, known.read_text().split())
    return Table(path, rows, written)


def _write(shape: Shape, size: int, file: IO[bytes]) -> tuple[int, int]:
    draw, rows, written, fitting = np.random.default_rng(1), 0, 0, 5
    with _PACKED[shape.packing](file) as packed:
        while written < size:
            block = _block(shape, draw, rows, fitting)
            data = block.write_csv(
                include_header=not rows, quote_style="always" if shape.quoted else "necessary"
            ).encode()
            packed.write(data)
            rows, written = rows + fitting, written + len(data)
            fitting = max(1, int(min(_BLOCK_BYTES, size - written) * rows / written))
    return rows, written


def _block(shape: Shape, draw: Draw, first: int, rows: int) -> pl.DataFrame:
    numbered = pl.Series("id", range(first, first + rows))
    return pl.DataFrame([numbered, *(make(draw, rows).alias(name) for name, make in shape.columns.items())])


_SUFFIXES = {"": "", "gzip": ".gz", "zstd": ".zst"}
_PACKED: dict[str, Callable[[IO[bytes]], AbstractContextManager[Any]]] = {
    "": nullcontext,
    "gzip": lambda file: gzip.GzipFile(fileobj=file, mode="wb", compresslevel=6),
    "zstd": lambda file: zstd.ZstdFile(file, "w"),
}
