"""What a person sees of a large file under way: one bar while it is uploaded, and one while it is read."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ops.run.inputs import Input

_LARGE_BYTES = 4 * 1024**2  # a smaller file is done before a bar could be read


class Bar(Protocol):
    """Is told of the progress of one file; in any thread."""

    def uploaded(self, count: int) -> None:
        """So many further bytes are uploaded."""

    def parts(self, read: int, count: int) -> None:
        """So many of the parts of the file are read."""


class NoBar:
    """For a file without a bar."""

    def uploaded(self, count: int) -> None:
        """See Bar."""

    def parts(self, read: int, count: int) -> None:
        """See Bar."""


class _ShownBar:
    def __init__(self, progress: Progress, key: str, size: int) -> None:
        self._progress, self._key, self._size = progress, key, size
        self._sent, self._in_parts = 0, False
        self._bar = progress.add_task(f"{key}: uploading", total=size)

    def uploaded(self, count: int) -> None:
        self._sent += count
        self._show("counting" if self._sent >= self._size else "uploading", self._sent)

    def parts(self, read: int, count: int) -> None:
        if not self._in_parts:
            self._progress.reset(self._bar)  # it was full, and its clock had stopped
            self._in_parts = True
        self._show(f"{read:,} of {count:,} parts read", self._size * read // count)

    def remove(self) -> None:
        self._progress.remove_task(self._bar)

    def _show(self, what: str, done: int) -> None:
        self._progress.update(self._bar, completed=done, description=f"{self._key}: {what}")


@contextmanager
def bar(item: Input, progress: Progress) -> Iterator[Bar]:
    """A bar while a large file is processed; none for a small file."""
    size = 0
    with suppress(OSError):  # removed meanwhile: the upload reports it
        size = item.path.stat().st_size
    if size < _LARGE_BYTES:
        yield NoBar()
        return
    shown = _ShownBar(progress, item.key, size)
    try:
        yield shown
    finally:
        shown.remove()


def bars(console: Console) -> Progress:
    """The bars of all files, on a terminal; nothing elsewhere."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
