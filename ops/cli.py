"""The `pipeline` command."""

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console

from local.errors import StackError
from local.stack import Stack
from ops.deployed import commands
from ops.expectations import contract
from ops.expectations.late import late
from ops.files import commands as files_commands
from ops.files.digests import hash_files
from ops.report import command as page
from ops.run import batch, render
from ops.run.arguments import readable, resolved
from ops.run.inputs import Input, spooled
from ops.run.profile import profile as profile_file
from ops.run.runner import Report
from ops.run.seen import FILE_NAME, SeenFiles
from ops.run.watch import dropped
from ops.run.writers import mind_no_writers
from ops.smoke.command import smoke

_SAMPLES = Path(__file__).parents[1] / "local" / "samples"
_LAMBDA_SECONDS = 900.0  # the longest that Lambda lets a function run
_SETTINGS = (
    "EXCERPTS",
    "VALUES",
    "SPLIT_MEGABYTES",
    "PART_MEGABYTES",
)  # of the function, taken from the caller's environment
app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)

Files = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="FILE...", help="CSV files, folders of them, or - for standard input.", show_default=False
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON document per file on stdout, all else on stderr.")
]
Keep = Annotated[bool, typer.Option("--keep", help="Leave the stack running until Ctrl-C.")]
Watch = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Process each CSV that appears in DIR, until Ctrl-C."),
]


@app.callback()
def pipeline() -> None:
    """Count, record, back up and announce CSV files: on this machine, or in AWS."""


@app.command()
def run(files: Files = None, as_json: AsJson = False, keep: Keep = False, watch: Watch = None) -> None:
    """Process files with the whole pipeline, on a local stack that is removed at the end.

    Without FILE: the sample files. Exit status: 0 all succeeded, 1 a file failed, 2 wrong usage,
    3 the stack cannot run here.
    """
    console = Console(stderr=as_json)
    inputs = resolved(files or ([] if watch else [_SAMPLES]))
    if watch and not watch.is_dir():
        raise typer.BadParameter(f"{watch} is not a folder", param_hint="--watch")
    reports: list[Report] = []
    watched = _watched(watch, console) if watch else None

    def show(item: Input, report: Report) -> None:
        reports.append(report)
        if watched is not None and report.result:
            watched.keep(item)
        if as_json:
            typer.echo(report.json())
        else:
            console.print(render.verdict(item.key, report))

    try:
        with (
            _spooled(inputs) as files_here,
            _stack(console) as stack,
            _until_interrupted(watch is not None or keep),
        ):
            files_to_come = _files(files_here, watch, watched, console)
            asyncio.run(batch.process(stack, files_to_come, show, console))
            if keep:
                render.endpoints(console, stack)
                signal.pause()
    except StackError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(3) from None
    console.print(render.totals(reports))
    raise typer.Exit(0 if all(report.succeeded for report in reports) else 1)


@app.command()
def profile(files: Files = None, as_json: AsJson = False) -> None:
    """Only scan files, without any service and without limits: one JSON line for each.

    Exit status: 0 all were read, 1 a file could not be read, 2 wrong usage.
    """
    if not files:
        raise typer.BadParameter("name at least one file", param_hint="FILE...")
    good = True
    for item in resolved(files):
        with readable():
            document = profile_file(item)
        good = good and document["error"] is None
        typer.echo(json.dumps(document, ensure_ascii=False))
    raise typer.Exit(0 if good else 1)


app.command("hash")(hash_files)
app.command()(page.report)
for command in (*commands.COMMANDS, smoke):
    app.command(rich_help_panel="On a deployed stack")(command)
app.command(rich_help_panel="On a deployed stack")(late)
app.add_typer(contract.app, name="contract", rich_help_panel="On a deployed stack")
for name, about_files in files_commands.COMMANDS.items():
    app.command(name, rich_help_panel="On a deployed stack")(about_files)


def main() -> None:
    """Entry point of the console script."""
    app()


@contextmanager
def _stack(console: Console) -> Iterator[Stack]:
    began = time.perf_counter()
    with ExitStack() as opened:
        with console.status("Starting PostgreSQL, S3, SNS, SQS, Secrets Manager and the function …"):
            variables = {name: os.environ[name] for name in _SETTINGS if name in os.environ}
            stack = opened.enter_context(Stack(timeout=_LAMBDA_SECONDS, variables=variables))
        console.print(f"Stack ready in {time.perf_counter() - began:.1f} s", style="dim")
        yield stack


@contextmanager
def _until_interrupted(ends_so: bool) -> Iterator[None]:
    """End a command that runs until Ctrl-C without an error."""
    try:
        yield
    except KeyboardInterrupt:
        if not ends_so:
            raise


@contextmanager
def _spooled(inputs: Iterable[Input]) -> Iterator[list[Input]]:
    """The inputs; each stream is first copied to a file."""
    with TemporaryDirectory(prefix="csv-pipeline-") as folder:
        with readable():
            files = [spooled(item, Path(folder)) for item in inputs]
        yield files


def _watched(folder: Path, console: Console) -> SeenFiles:
    mind_no_writers()
    taken = SeenFiles(folder, _printer(console, "red"))
    if len(taken):
        text = (
            f"{len(taken):,} files were processed before; to process them again, delete {folder / FILE_NAME}"
        )
        console.print(text, style="dim", markup=False, soft_wrap=True)
    return taken


async def _files(
    inputs: Iterable[Input], watch: Path | None, taken: SeenFiles | None, console: Console
) -> AsyncIterator[Input]:
    for item in inputs:
        yield item
    if watch is not None and taken is not None:
        async for item in dropped(watch, taken, _printer(console, "dim"), _printer(console, "red")):
            yield item


def _printer(console: Console, style: str) -> Callable[[str], None]:
    return lambda text: console.print(text, style=style, markup=False, soft_wrap=True)
