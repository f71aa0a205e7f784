"""Files as they are dropped into a folder, each once it is whole."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from watchfiles import awatch

from ops.inputs import Input, is_csv_name, readable

_QUIET_SECONDS = 1.0  # a file that has not changed for so long is taken to be whole

_Content = tuple[int, int]
"""What tells one content of a file from another: the time it was written, and its size."""


async def dropped(folder: Path, complain: Callable[[str], None]) -> AsyncIterator[Input]:
    """The CSVs in the folder, then every one that is dropped there or written anew; runs until cancelled.

    Args:
        folder: looked through at any depth.
        complain: told of a file that cannot be taken, once for each of its contents.
    """
    seen: dict[Path, tuple[_Content, float]] = {}
    taken: dict[Path, _Content] = {}
    async for _ in _moments(folder):
        for path, content in await asyncio.to_thread(lambda: list(_files(folder))):
            first = seen[path][1] if path in seen and seen[path][0] == content else time.monotonic()
            seen[path] = (content, first)
            if taken.get(path) == content or time.monotonic() - first < _QUIET_SECONDS:
                continue
            taken[path] = content
            try:
                yield readable(path, path.relative_to(folder).as_posix())
            except OSError as error:
                complain(f"{error.filename}: {error.strerror}")


async def _moments(folder: Path) -> AsyncIterator[None]:
    """Now, at every change, and every so often, for what was still being written a moment ago."""
    yield
    async for _ in awatch(folder, rust_timeout=int(_QUIET_SECONDS * 500), yield_on_timeout=True):
        yield


def _files(folder: Path) -> Iterator[tuple[Path, _Content]]:
    for path in sorted(folder.rglob("*")):
        if is_csv_name(path):
            with contextlib.suppress(OSError):  # taken away again, or a link that leads nowhere
                stat = path.stat()
                if path.is_file():
                    yield path, (stat.st_mtime_ns, stat.st_size)
