"""Many files through one stack: concurrent, reported in order, with a progress bar for large files."""

import asyncio
from collections.abc import AsyncIterator, Callable

from rich.console import Console
from rich.progress import Progress

from local.stack import Stack
from ops.run.bar import bar, bars
from ops.run.inputs import Input
from ops.run.runner import Report, Runner, runner

_AHEAD = 64  # files begun, or waiting, before the first of them is reported

Show = Callable[[Input, Report], None]
"""Shows one report; called in the order of the files."""


async def process(stack: Stack, files: AsyncIterator[Input], show: Show, console: Console) -> None:
    """Process all files with the stack; the failure of one does not stop the others."""
    with bars(console) as progress:
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
    with bar(item, progress) as shown:
        return await running.run(item, shown)
