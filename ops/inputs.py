"""From the arguments of a command line to the files they mean."""

import errno
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from function.names import MAX_KEY_BYTES

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


@dataclass(frozen=True, slots=True)
class Input:
    """A file to upload, and the key it gets."""

    path: Path
    key: str


def resolve(arguments: Iterable[Path]) -> list[Input]:
    """The files that the arguments mean, in order; a folder means the CSVs in it, at any depth.

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
    """Whether a file in a folder is taken for a CSV; a file that is named outright always is."""
    return path.name.endswith(CSV_SUFFIXES) and not path.name.startswith(".")


def _inputs(argument: Path) -> Iterator[Input]:
    if argument.is_dir():
        for path in sorted(argument.rglob("*")):
            if path.is_file() and is_csv_name(path):
                yield readable(path, path.relative_to(argument).as_posix())
    else:
        yield readable(argument, argument.name)


def readable(path: Path, key: str) -> Input:
    """The file as an input, if it can be read and S3 can take its key; else an OSError that says why."""
    with path.open("rb"):  # now, and not after half of the others are processed
        pass
    try:
        too_long = len(key.encode()) > MAX_KEY_BYTES
    except UnicodeEncodeError:
        raise OSError(errno.EILSEQ, "its name is not UTF-8, as a key in S3 must be", ascii(key)) from None
    if too_long:
        raise OSError(errno.ENAMETOOLONG, f"its name has more than {MAX_KEY_BYTES} bytes, S3's limit", key)
    return Input(path, key)
