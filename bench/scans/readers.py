"""The readers side by side: each counts the rows of a table, in the way of whoever would choose it.

Ours, polars, DuckDB and pyarrow find the types too; ours, polars and DuckDB also nulls, least and greatest values.
"""

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from bench.scans.s3_server import BUCKET, CREDENTIALS, client

_CHUNK_BYTES = 1 << 20
_CHUNK_ROWS = 250_000


class Place(NamedTuple):
    """Where a table is: a file, or an object of that name in the S3 server at `endpoint`."""

    path: Path
    endpoint: str = ""

    def open(self) -> IO[bytes]:
        """The stored bytes."""
        if self.endpoint:
            body = client(self.endpoint).get_object(Bucket=BUCKET, Key=self.path.name)["Body"]
            return cast("IO[bytes]", body)
        return self.path.open("rb")

    def chunks(self) -> Iterator[bytes]:
        """The stored bytes in pieces, as the function reads them."""
        with self.open() as file:
            yield from iter(partial(file.read, _CHUNK_BYTES), b"")


def ours(place: Place) -> int:
    """Count, types, extremes, structure and SHA-256."""
    from function.scan import scan

    result = scan(place.chunks())
    assert result.error is None, result.error
    return result.profile.rows if result.profile else 0


def pandas(place: Place) -> int:
    """A part at a time, for whole it needs thrice the memory of the file."""
    import pandas as pd

    packing: Any = {".gz": "gzip", ".zst": "zstd"}.get(place.path.suffix)
    with place.open() as file, pd.read_csv(file, chunksize=_CHUNK_ROWS, compression=packing) as frames:
        return sum(len(frame) for frame in frames)


def typical(place: Place) -> int:
    """The whole object into memory, and polars over it."""
    import polars as pl

    with place.open() as file:
        return pl.read_csv(file.read()).height


def polars(place: Place) -> int:
    """The streaming engine, with the types inferred."""
    import polars as pl

    where, options = str(place.path), None
    if place.endpoint:
        where = f"s3://{BUCKET}/{place.path.name}"
        options = {**CREDENTIALS, "aws_endpoint_url": place.endpoint, "aws_allow_http": "true"}
    every = pl.all()
    frame = pl.scan_csv(where, try_parse_dates=True, storage_options=options).select(
        pl.len().alias("rows counted"), every.null_count().name.suffix("_nulls"), every.min().name.suffix("_min"),
        every.max().name.suffix("_max"),
    )  # fmt: skip
    return int(frame.collect(engine="streaming")["rows counted"][0])


def duckdb(place: Place) -> int:
    """SUMMARIZE; nulls, extremes, estimates of distinct values and quartiles."""
    import duckdb

    assert not place.endpoint, "its extension for S3 has to be downloaded"
    summary = duckdb.query("SUMMARIZE FROM read_csv(?)", params=[str(place.path)])
    assert summary is not None
    return int(summary.fetchall()[0][-2])


def pyarrow(place: Place) -> int:
    """The streaming reader, which keeps the types of the first block."""
    from pyarrow import csv, fs

    files: Any = fs.LocalFileSystem()
    where = str(place.path)
    if place.endpoint:
        where = f"{BUCKET}/{place.path.name}"
        files = fs.S3FileSystem(
            access_key=CREDENTIALS["aws_access_key_id"], secret_key=CREDENTIALS["aws_secret_access_key"],
            region=CREDENTIALS["aws_region"], endpoint_override=place.endpoint,
        )  # fmt: skip
    with files.open_input_stream(where) as file:
        options = csv.ParseOptions(newlines_in_values=True)
        return sum(batch.num_rows for batch in csv.open_csv(file, parse_options=options))


def read(place: Place) -> None:
    """The bytes and their SHA-256, and nothing of what is in them: no reader that proves what it read is faster."""
    digest = hashlib.sha256()
    for chunk in place.chunks():
        digest.update(chunk)


READERS: dict[str, Callable[[Place], int | None]] = {
    "ours": ours,
    "pandas": pandas,
    "typical": typical,
    "polars": polars,
    "duckdb": duckdb,
    "pyarrow": pyarrow,
    "read": read,
}
