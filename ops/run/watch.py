"""Files as they are dropped into a folder, each once it is whole."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from watchfiles import awatch

from ops.run.inputs import Content, Input, is_csv_name, readable
from ops.run.seen import SeenFiles
from ops.run.writers import is_closed

_QUIET_SECONDS = 1.0  # that nobody has open and that has not changed for so long is whole
_OPEN_SECONDS = 10.0  # likewise what somebody still has open for writing, and perhaps for ever
_GROWTH_SHARE = 1.0  # of the time that it took to grow: a longer pause than that is its end


@dataclass(slots=True)
class _Arrival:
    """A file that is not taken yet; times are those of `time.monotonic`."""

    content: Content
    since: float
    changed: float
    told: bool = False

    def see(self, content: Content, now: float) -> None:
        """Note what is there now."""
        if content != self.content:
            self.content, self.changed = content, now

    def is_whole(self, path: Path, now: float) -> bool:
        """Whether it has been quiet for long enough."""
        quiet = now - self.changed
        if quiet < _QUIET_SECONDS:
            return False
        closed = is_closed(path)
        if closed:
            return True
        least = _QUIET_SECONDS if closed is None else _OPEN_SECONDS
        return quiet >= max(least, _GROWTH_SHARE * (self.changed - self.since))


async def dropped(
    folder: Path, taken: SeenFiles, say: Callable[[str], None], complain: Callable[[str], None]
) -> AsyncIterator[Input]:
    """The CSVs in the folder, then every one that is dropped there or written anew; runs until cancelled.

    Args:
        folder: looked through at any depth.
        taken: what needs not be taken again.
        say: told of a file that is waited for, once until it is taken.
        complain: told of a file that cannot be taken, once for each of its contents.
    """
    arrivals: dict[Path, _Arrival] = {}
    async for _ in _moments(folder):
        there = await asyncio.to_thread(lambda: dict(_files(folder)))
        arrivals = {path: arrival for path, arrival in arrivals.items() if path in there}
        for path, content in there.items():
            key = path.relative_to(folder).as_posix()
            if taken.has(key, content):
                arrivals.pop(path, None)
                continue
            now = time.monotonic()
            arrival = arrivals.setdefault(path, _Arrival(content, now, now))
            arrival.see(content, now)
            if not arrival.is_whole(path, now):
                if now - arrival.since >= 2 * _QUIET_SECONDS and not arrival.told:
                    arrival.told = True
                    say(f"waiting for {key}: still growing, or open for writing")
                continue
            taken.begin(key, content)
            try:
                yield readable(path, key, content)
            except OSError as error:
                complain(f"{error.filename}: {error.strerror}")


async def _moments(folder: Path) -> AsyncIterator[None]:
    """Now, at every change, and every so often, for what was still being written a moment ago."""
    yield
    async for _ in awatch(folder, rust_timeout=int(_QUIET_SECONDS * 500), yield_on_timeout=True):
        yield


def _files(folder: Path) -> Iterator[tuple[Path, Content]]:
    for path in sorted(folder.rglob("*")):
        if is_csv_name(path.relative_to(folder)):
            with contextlib.suppress(OSError):  # taken away again, or a link that leads nowhere
                stat = path.stat()
                if path.is_file():
                    yield path, (stat.st_ino, stat.st_mtime_ns, stat.st_size)
