"""The `pipeline` command."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from local.errors import StackError
from local.stack import Stack
from ops import batch, operate, render
from ops.inputs import Input, InputError, resolve
from ops.profile import profile as profile_file
from ops.run import Report
from ops.watch import dropped

_SAMPLES = Path(__file__).parents[1] / "local" / "samples"
_LAMBDA_SECONDS = 900.0  # the longest that Lambda lets a function run

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Files = Annotated[
    list[Path] | None,
    typer.Argument(metavar="FILE...", help="CSV files, or folders of them.", show_default=False),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON document per file on stdout, all else on stderr.")
]
Keep = Annotated[bool, typer.Option("--keep", help="Leave the stack running until Ctrl-C.")]
Watch = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Keep taking the CSVs dropped into DIR, until Ctrl-C."),
]


@app.callback()
def pipeline() -> None:
    """Count, record, back up and announce CSV files: on this machine, or in AWS."""


@app.command()
def run(
    files: Files = None,
    as_json: AsJson = False,
    keep: Keep = False,
    watch: Watch = None,
) -> None:
    """Take files through the whole pipeline, on a stack that lives as long as this command.

    Without FILE: the samples that come with it. Exit status: 0 all succeeded, 1 a file failed, 2 usage,
    3 the stack cannot run here.
    """
    console = Console(stderr=as_json)
    inputs = _resolve(files or ([] if watch else [_SAMPLES]))
    if watch and not watch.is_dir():
        raise typer.BadParameter(f"{watch} is no folder", param_hint="--watch")
    reports: list[Report] = []

    def show(item: Input, report: Report) -> None:
        reports.append(report)
        if as_json:
            typer.echo(report.json())
        else:
            console.print(render.verdict(item.key, report))

    try:
        with _stack(console) as stack, _until_interrupted(watch is not None or keep):
            asyncio.run(batch.process(stack, _files(inputs, watch, console), show, console))
            if keep:
                render.endpoints(console, _endpoints(stack))
                signal.pause()
    except StackError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(3) from None
    console.print(render.totals(reports))
    raise typer.Exit(0 if all(report.succeeded for report in reports) else 1)


@app.command()
def profile(files: Files = None, as_json: AsJson = False) -> None:
    """Scan files without any service, and without judging them: one JSON line for each.

    Exit status: 0 all could be read, 1 one could not, 2 usage.
    """
    if not files:
        raise typer.BadParameter("name at least one file", param_hint="FILE...")
    good = True
    for item in _resolve(files):
        document = profile_file(item.path)
        good = good and document["error"] is None
        typer.echo(json.dumps(document, ensure_ascii=False))
    raise typer.Exit(0 if good else 1)


for command in operate.COMMANDS:
    app.command(rich_help_panel="On a deployed stack")(command)


def main() -> None:
    """Entry point of the console script."""
    app()


def _resolve(files: Sequence[Path]) -> list[Input]:
    try:
        return resolve(files)
    except InputError as error:
        raise typer.BadParameter(str(error), param_hint="FILE...") from None


@contextmanager
def _stack(console: Console) -> Iterator[Stack]:
    began = time.perf_counter()
    with ExitStack() as opened:
        with console.status("Starting PostgreSQL, S3, SNS, SQS, Secrets Manager and the function …"):
            stack = opened.enter_context(Stack(timeout=_LAMBDA_SECONDS))
        console.print(f"Stack ready in {time.perf_counter() - began:.1f} s", style="dim")
        yield stack


@contextmanager
def _until_interrupted(ends_so: bool) -> Iterator[None]:
    """Take Ctrl-C for the end of what has no other."""
    try:
        yield
    except KeyboardInterrupt:
        if not ends_so:
            raise


async def _files(inputs: Iterable[Input], watch: Path | None, console: Console) -> AsyncIterator[Input]:
    for item in inputs:
        yield item
    if watch:
        async for item in dropped(watch, lambda text: console.print(text, style="red", markup=False)):
            yield item


def _endpoints(stack: Stack) -> dict[str, str]:
    names = stack.names
    return {
        "AWS": f"export AWS_ENDPOINT_URL={stack.environment['AWS_ENDPOINT_URL']}"
        f" AWS_ACCESS_KEY_ID={stack.environment['AWS_ACCESS_KEY_ID']}"
        f" AWS_SECRET_ACCESS_KEY={stack.environment['AWS_SECRET_ACCESS_KEY']}"
        f" AWS_DEFAULT_REGION={stack.environment['AWS_DEFAULT_REGION']}",
        "upload": f"aws s3 cp FILE s3://{names.input_bucket}/",
        "results": f"aws s3 ls --recursive s3://{names.output_bucket}/",
        "backups": f"aws s3 ls --recursive s3://{names.backup_bucket}/",
        "database": stack.postgres.psql,
        "log": str(stack.log),
        "stop": "Ctrl-C",
    }
