"""A progress line on the terminal for a paced run; each failure stays above it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

from ops.deployed.pace import Tally


@contextmanager
def progress(what: str) -> Iterator[Callable[[Tally], None]]:
    """On stderr: the line on a terminal only, failures always."""
    console = Console(stderr=True)
    printed = 0
    with console.status(f"{what}: starting") as status:

        def show(tally: Tally) -> None:
            nonlocal printed
            for failure in tally.failures[printed:]:
                console.print(failure, style="red", markup=False, soft_wrap=True)
            printed = len(tally.failures)
            line = f"{what}: {tally.done:,} done, {printed:,} failed, {tally.at_once} concurrent"
            status.update(f"{line}, throttled {tally.refused:,} times" if tally.refused else line)

        yield show
