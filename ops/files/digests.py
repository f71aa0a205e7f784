"""`pipeline hash`: the digests that a result has of a file, of a copy on this machine."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from function.domain.content import PartsDigest
from function.domain.fanout import parts_digest
from function.domain.message.digest import digest
from ops.run.arguments import readable, resolved

_PART_BYTES = 64 * 1024**2  # the default of `partMegabytes`
_BLOCK_BYTES = 1024**2


@dataclass(frozen=True, slots=True)
class Digests:
    """What `source` of a result has of a file that was read in one piece, and of one that was read in parts.

    Attributes:
        size_bytes: how long it is.
        sha256: hex SHA-256 of the file.
        sha256_parts: the same of its parts. An empty file has none: `count` is 0, and `root` the SHA-256 of
            nothing.
    """

    size_bytes: int
    sha256: str
    sha256_parts: PartsDigest


class _Reader:
    """A file that is read once, part by part, a block at a time.

    Attributes:
        size, count: bytes and parts that were read so far.
        whole: over all of these bytes.
    """

    def __init__(self, file: BinaryIO, part_bytes: int) -> None:
        self._file, self._part_bytes = file, part_bytes
        self.size, self.count, self.whole = 0, 0, hashlib.sha256()

    def digests(self) -> Iterator[bytes]:
        """The SHA-256 of each part."""
        while block := self._block(self._part_bytes):
            part, left = hashlib.sha256(block), self._part_bytes - len(block)
            while left and (block := self._block(left)):
                part.update(block)
                left -= len(block)
            self.count += 1
            yield part.digest()

    def _block(self, limit: int) -> bytes:
        block = self._file.read(min(limit, _BLOCK_BYTES))
        self.whole.update(block)
        self.size += len(block)
        return block


def digests(file: BinaryIO, part_bytes: int) -> Digests:
    """Read a file to its end, once.

    Raises:
        OSError: it cannot be read.
    """
    reader = _Reader(file, part_bytes)
    root = parts_digest(reader.digests())
    return Digests(reader.size, reader.whole.hexdigest(), PartsDigest(part_bytes, reader.count, root))


def hash_files(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Files, folders of CSVs, or - for standard input."),
    ],
    part_bytes: Annotated[
        int, typer.Option(min=1, help="Bytes of a part: `source.sha256_parts.part_bytes` of the result.")
    ] = _PART_BYTES,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document per file.")] = False,
) -> None:
    """Print the SHA-256 of files and of their parts, to compare with those of their results.

    Exit status: 0 all were read, 2 wrong usage.
    """
    for item in resolved(files):
        with readable(), item.open() as file:
            found = asdict(digests(file, part_bytes))
        if as_json:
            typer.echo(json.dumps({"path": str(item.path), **found}, ensure_ascii=False))
        else:
            typer.echo(f"{item.path}  {found['size_bytes']:,} bytes")
            typer.echo(f"  SHA-256  {found['sha256']}")
            typer.echo(f"  parts    {digest(found)}")
