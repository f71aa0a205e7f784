"""From the arguments of a command line to the files they mean."""

import errno
import os
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from function.domain.keys import MAX_KEY_BYTES

_TABLES = (".csv", ".tsv", ".tab", ".psv")
# Letter by letter the default of a stack's `inputSuffixes`: what is a CSV in a folder is one in the bucket.
CSV_SUFFIXES = tuple(
    spelt
    for table in _TABLES
    for packed in ("", ".gz", ".zst", ".bz2", ".xz", ".zip")
    for spelt in dict.fromkeys((table + packed, table.upper() + packed, (table + packed).upper()))
)


class InputError(Exception):
    """An argument names nothing that can be read; the message says which and why."""


Content = tuple[int, int, int]
"""What tells one content of a file from another: its inode, the time it was written, its size."""

STDIN = Path("-")
_DESCRIPTORS = (Path("/dev"), Path("/dev/fd"))  # where names say nothing: stdin, 63
_LOCK = "~$"  # begins the names of the lock files that office programs put beside what they have open


@dataclass(frozen=True, slots=True)
class Input:
    """A file to upload, and the key it gets.

    Attributes:
        content: of a file of a watched folder, as it was when it was found whole.
        stream: whether it can be read only once: a pipe, or standard input.
    """

    path: Path
    key: str
    content: Content | None = None
    stream: bool = False

    def open(self) -> BinaryIO:
        """The bytes.

        Raises:
            OSError: they cannot be had.
        """
        if self.path == STDIN:
            if sys.stdin is None:
                raise OSError(errno.EBADF, os.strerror(errno.EBADF), "standard input")
            return open(sys.stdin.fileno(), "rb", closefd=False)
        return self.path.open("rb")


def resolve(arguments: Iterable[Path]) -> list[Input]:
    """The files that the arguments mean, in order: a folder means the CSVs in it, `-` standard input.

    Raises:
        InputError: naming every argument that is missing, unreadable or without a CSV.
    """
    found: list[Input] = []
    complaints: list[str] = []
    for argument in arguments:
        try:
            inputs = list(_inputs(argument))
        except OSError as error:
            complaints.append(f"{error.filename}: {error.strerror}")
            continue
        if not inputs:
            looked_for = ", ".join(_TABLES)
            complaints.append(f"{argument}: no CSV in this folder (looked for {looked_for})")
        found += inputs
    if complaints:
        raise InputError("\n".join(complaints))
    return found


def is_csv_name(path: Path) -> bool:
    """Whether a file of a folder is taken for a CSV, by its path in it; one that is named outright always is.

    What is hidden, itself or by its folder, is not, nor a lock file: so programs call what is not finished.
    """
    return path.name.endswith(CSV_SUFFIXES) and not any(part.startswith((".", _LOCK)) for part in path.parts)


def readable(path: Path, key: str, content: Content | None = None) -> Input:
    """The file as an input, if it can be read and S3 can take its key; else an OSError that says why."""
    with path.open("rb"):  # now, and not after half of the others are processed
        pass
    try:
        too_long = len(key.encode()) > MAX_KEY_BYTES
    except UnicodeEncodeError:
        raise OSError(errno.EILSEQ, "its name is not UTF-8, as a key in S3 must be", ascii(key)) from None
    if too_long:
        raise OSError(errno.ENAMETOOLONG, f"its name has more than {MAX_KEY_BYTES} bytes, S3's limit", key)
    return Input(path, key, content)


def spooled(item: Input, folder: Path) -> Input:
    """A stream as a file in the folder, to be read as often as it takes; a file as it is.

    Raises:
        OSError: the stream cannot be read, or the folder is full.
    """
    if not item.stream:
        return item
    with item.open() as stream, NamedTemporaryFile(dir=folder, delete=False) as file:
        shutil.copyfileobj(stream, file)
    return Input(Path(file.name), item.key)


def _inputs(argument: Path) -> Iterator[Input]:
    if argument == STDIN:
        yield Input(STDIN, "stdin.csv", stream=True)
    elif stat.S_ISDIR(mode := argument.stat().st_mode):
        with os.scandir(argument):  # rglob passes over a folder that may not be read
            pass
        for path in sorted(argument.rglob("*")):
            if path.is_file() and is_csv_name(path.relative_to(argument)):
                yield readable(path, path.relative_to(argument).as_posix())
    elif stat.S_ISREG(mode):
        yield readable(argument, _key(argument))
    else:  # to open a pipe and close it again would end who writes to it
        yield Input(argument, _key(argument), stream=True)


def _key(path: Path) -> str:
    named = path.parent not in _DESCRIPTORS or is_csv_name(Path(path.name))
    return path.name if named else f"{path.name}.csv"
