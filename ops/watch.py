"""Files as they are dropped into a folder, each once it is whole."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from watchfiles import awatch

from ops.inputs import Input, is_csv_name

_QUIET_SECONDS = 1.0  # a file that has not changed for so long is taken to be whole

_State = tuple[int, int]


async def dropped(folder: Path) -> AsyncIterator[Input]:
    """The CSVs in the folder, then every one that is dropped there or written anew; runs until cancelled."""
    taken: dict[Path, _State] = {}
    async for _ in _moments(folder):
        for path, state in await asyncio.to_thread(lambda: list(_whole_files(folder))):
            if taken.get(path) != state:
                taken[path] = state
                yield Input(path, path.relative_to(folder).as_posix())


async def _moments(folder: Path) -> AsyncIterator[None]:
    """Now, at every change, and every so often, for what was still being written a moment ago."""
    yield
    async for _ in awatch(folder, rust_timeout=int(_QUIET_SECONDS * 1000), yield_on_timeout=True):
        yield


def _whole_files(folder: Path) -> Iterator[tuple[Path, _State]]:
    for path in sorted(folder.rglob("*")):
        if is_csv_name(path) and (state := _whole(path)):
            yield path, state


def _whole(path: Path) -> _State | None:
    """What tells this content of the file from another; None while it is being written."""
    try:
        stat = path.stat()
    except FileNotFoundError:  # dropped and taken away again
        return None
    quiet = time.time() - stat.st_mtime >= _QUIET_SECONDS
    return (stat.st_mtime_ns, stat.st_size) if quiet and path.is_file() else None
