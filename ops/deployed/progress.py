"""A line on the terminal that says how far a paced run is; each failure stays above it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

from ops.deployed.pace import Tally


@contextmanager
def progress(what: str) -> Iterator[Callable[[Tally], None]]:
    """On stderr, and on a terminal only; failures are told in any case."""
    console = Console(stderr=True)
    told = 0
    with console.status(f"{what}: begins") as status:

        def show(tally: Tally) -> None:
            nonlocal told
            for failure in tally.failures[told:]:
                console.print(failure, style="red", markup=False, soft_wrap=True)
            told = len(tally.failures)
            line = f"{what}: {tally.done:,} done, {told:,} failed, {tally.at_once} at once"
            status.update(f"{line}, held back {tally.refused:,} times" if tally.refused else line)

        yield show
