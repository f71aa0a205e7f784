"""The files that the arguments of a command name; a wrong argument ends it with what is wrong."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from ops.run.inputs import Input, InputError, resolve


def resolved(files: Iterable[Path]) -> list[Input]:
    """The input files, in order; see `inputs.resolve`. A wrong argument ends the command with status 2."""
    try:
        return resolve(files)
    except InputError as error:
        raise typer.BadParameter(str(error), param_hint="FILE...") from None


@contextmanager
def readable() -> Iterator[None]:
    """Report an input that exists and cannot be read as wrong usage."""
    try:
        yield
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise typer.BadParameter(f"{place}{error.strerror}", param_hint="FILE...") from None
