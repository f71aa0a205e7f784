"""Many files through one stack: several at once, told in order, with progress for the large ones."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from local.stack import Stack
from ops.run.inputs import Input
from ops.run.runner import Report, Runner, runner

_LARGE_BYTES = 4 * 1024**2  # below this a file is done before a bar could be read
_AHEAD = 64  # files begun, or waiting to, before the first of them is told

Show = Callable[[Input, Report], None]
"""Tells of one file; called in the order of the files."""


async def process(stack: Stack, files: AsyncIterator[Input], show: Show, console: Console) -> None:
    """Take the files through the stack, to the last of them, whatever becomes of any."""
    with _progress(console) as progress:
        async with runner(stack) as running, asyncio.TaskGroup() as tasks:
            begun: asyncio.Queue[tuple[Input, asyncio.Task[Report]] | None] = asyncio.Queue(_AHEAD)

            async def begin() -> None:
                async for item in files:
                    await begun.put((item, tasks.create_task(_run(running, item, progress))))
                await begun.put(None)

            tasks.create_task(begin())
            while (entry := await begun.get()) is not None:
                item, task = entry
                show(item, await task)


async def _run(running: Runner, item: Input, progress: Progress) -> Report:
    with _bar(item, progress) as uploaded:
        return await running.run(item, uploaded)


@contextmanager
def _bar(item: Input, progress: Progress) -> Iterator[Callable[[int], None]]:
    """A bar while the file uploads, then a sign that it is being counted; nothing for a small file."""
    size = 0
    with suppress(OSError):  # it was there a moment ago; the upload will say what became of it
        size = item.path.stat().st_size
    if size < _LARGE_BYTES:
        yield lambda _: None
        return
    bar = progress.add_task(f"{item.key}: uploading", total=size)
    sent = 0

    def uploaded(count: int) -> None:
        nonlocal sent
        sent += count
        what = "counting" if sent >= size else "uploading"
        progress.update(bar, completed=sent, description=f"{item.key}: {what}")

    try:
        yield uploaded
    finally:
        progress.remove_task(bar)


def _progress(console: Console) -> Progress:
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
