"""Ends a stack's processes and removes its directory once the process that started it is gone.

A program of its own. It makes the directory, prints its path, and then listens on its standard input, a
pipe that the kernel closes whichever way the stack ends, SIGKILL included. Lines on it:

    <signal name> <pid>    a process, leader of its own group, and the signal that ends it cleanly
    FORGET <pid>           that process is gone; its number may soon be another's

It imports the standard library alone, so that it is up in milliseconds.
"""

import contextlib
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator

_SECONDS = 5.0  # for a process to end cleanly, and again for the kernel to end it


def main() -> None:
    """Wait for the end of standard input, then tidy up."""
    directory = tempfile.mkdtemp(prefix="csv-pipeline-")
    with contextlib.suppress(BrokenPipeError):  # gone already; then there is only this to tidy up
        os.write(sys.stdout.fileno(), f"{directory}\n".encode())
    leaders: dict[int, signal.Signals] = {}
    for line in sys.stdin:
        word, pid = line.split()
        if word == "FORGET":
            leaders.pop(int(pid), None)
        else:
            leaders[int(pid)] = signal.Signals[word]
    end(leaders)
    remove(directory)


def end(leaders: dict[int, signal.Signals]) -> None:
    """Send each process its signal, wait, then kill what is left of every group."""
    watched = list(_watch(leaders))
    for pid, number in leaders.items():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
    _wait(watched)
    for pid in leaders:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    _wait(watched)


def _watch(pids: Iterable[int]) -> Iterator[int]:
    """A descriptor for each process that still runs; unlike kill(pid, 0), zombies do not fool it."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            yield os.pidfd_open(pid)


def _wait(descriptors: Iterable[int]) -> None:
    """Return when every process behind the descriptors has ended, or when their time is over."""
    deadline = time.monotonic() + _SECONDS
    for descriptor in descriptors:
        select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))


def remove(directory: str) -> None:
    """Remove the directory; a file may still appear in it while the last of a group is dying."""
    deadline = time.monotonic() + _SECONDS
    while os.path.lexists(directory):
        shutil.rmtree(directory, ignore_errors=True)
        if time.monotonic() > deadline:
            sys.exit(f"{directory} cannot be removed")


if __name__ == "__main__":
    main()
