"""Starts the stack's processes so that none of them outlives it."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from local.errors import StackError
from local.processes import reaper

# The child names itself to the reaper before it becomes the program: there is no moment at which
# it lives unknown, so a parent killed between fork and exec leaves nothing either.
_REGISTER = ["/bin/sh", "-c", 'echo "$0 $$" >&0 && exec "$@" </dev/null']


class Processes:
    """The processes of one stack and the private directory they live in; a context manager.

    Leaving it, in whatever way, ends every process and removes the directory: the reaper, a small
    program of its own, does so as soon as it no longer hears from this process.

    Attributes:
        directory: private to this stack.
        log: receives the output of every process.
    """

    directory: Path
    log: Path

    def __enter__(self) -> Self:
        self._children: dict[subprocess.Popen[bytes], signal.Signals] = {}
        orders, self._pipe = os.pipe()
        answers, answer = os.pipe()
        self._reaper = subprocess.Popen(
            [sys.executable, "-I", "-S", reaper.__file__],
            stdin=orders,
            stdout=answer,
            start_new_session=True,  # or the terminal's Ctrl-C would end it first
        )
        os.close(orders)
        os.close(answer)
        with os.fdopen(answers) as output:
            directory = output.readline().rstrip("\n")
        if not directory:
            raise StackError("the reaper process did not start")
        self.directory = Path(directory)
        self.log = self.directory / "stack.log"
        self.log.touch()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._pipe)
        if self._reaper.wait():  # somebody killed it: its work is still to be done
            reaper.end({child.pid: ends_with for child, ends_with in self._children.items()})
            reaper.remove(str(self.directory))
        for child in self._children:
            child.wait()

    def start(
        self,
        command: Sequence[str | os.PathLike[str]],
        environment: Mapping[str, str],
        *,
        ends_with: signal.Signals = signal.SIGKILL,
        pass_fds: Sequence[int] = (),
    ) -> "subprocess.Popen[bytes]":
        """Start a program in a process group of its own, in the stack's directory.

        Args:
            command: the program, by its full path or found in `environment["PATH"]`, and its arguments.
            environment: all of it; nothing is inherited.
            ends_with: the signal on which it ends at once and cleanly.
            pass_fds: descriptors it keeps.
        """
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                [*_REGISTER, ends_with.name, *command],
                stdin=self._pipe,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.directory,
                env=environment,
                pass_fds=pass_fds,
                start_new_session=True,
            )
        self._children[child] = ends_with
        return child

    def reap(self, child: "subprocess.Popen[bytes]", timeout: float | None = None) -> int:
        """Wait for a process to end and forget it; its exit status.

        Raises:
            subprocess.TimeoutExpired: it still runs after `timeout` seconds.
        """
        status = child.wait(timeout)
        self._children.pop(child, None)
        with contextlib.suppress(BrokenPipeError):  # no reaper any more, none to forget it
            os.write(self._pipe, f"FORGET {child.pid}\n".encode())
        return status


async def ended(child: "subprocess.Popen[bytes]") -> None:
    """Return when the process has ended, however long that takes; it stays to be reaped."""
    gone = asyncio.Event()
    descriptor = os.pidfd_open(child.pid)
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, gone.set)
    try:
        await gone.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
