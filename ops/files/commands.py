"""The commands about single files: arguments and output."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import typer
from rich.console import Console

from ops.deployed.commands import AsJson, Key, Stack, Utc, deployed
from ops.deployed.deployment import Deployment
from ops.files import log, render, upload
from ops.files.upload import Row, Sent
from ops.run.arguments import readable, resolved
from ops.run.inputs import Input

_VERSIONS = 20

console = Console()


def show(
    key: Key,
    version: Annotated[str | None, typer.Option(help="The version; by default the latest.")] = None,
    stack: Stack = None,
    utc: Utc = False,
    as_json: AsJson = False,
) -> None:
    """Show a file: verdict, doubts, columns, versions. Exit status 1 if it failed."""
    with deployed(stack) as deployment:
        rows = deployment.ask("versions", key=key, limit=_VERSIONS)["rows"]
        row = next((each for each in rows if version in {None, each["version_id"]}), None)
        if row is None:
            named = f"{key} in version {version}" if version else key
            raise typer.BadParameter(f"no file {named}: `pipeline history` lists the files")
        result = deployment.result(row) if row["result_key"] else None
    if as_json:
        typer.echo(json.dumps({"row": row, "result": result, "versions": rows}, ensure_ascii=False))
    else:
        console.print(render.file(row, result, rows, utc=utc))
    raise typer.Exit(1 if row["status"] == "failed" else 0)


def upload_files(  # noqa: PLR0917 they are options of a command
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="CSV files, folders of them, or - for standard input."),
    ],
    prefix: Annotated[str, typer.Option(help="Prefix of the keys, for example `orders/`.")] = "",
    instructions: Annotated[
        list[str] | None,
        typer.Option(
            "--instruction",
            "-i",
            metavar="NAME=VALUE",
            help="For the reader, for example csv-delimiter=semicolon.",
        ),
    ] = None,
    timeout: Annotated[int, typer.Option(min=1, help="Seconds to wait for a verdict.")] = 900,
    wait: Annotated[bool, typer.Option(help="Wait for the verdicts.")] = True,
    stack: Stack = None,
    as_json: AsJson = False,
) -> None:
    """Upload files and wait for their verdicts. Exit status 1 if a file failed or has no verdict in time."""
    metadata = dict(_instruction(each) for each in instructions or ())
    inputs = resolved(files)
    keys = [str(PurePosixPath(prefix + item.key)) for item in inputs]
    with deployed(stack) as deployment:
        upload.refuse_unnoticed(deployment, keys)
        sent = [_send(deployment, item, key, metadata) for item, key in zip(inputs, keys, strict=True)]
        if not wait:
            for each in sent:
                _print_sent(each, as_json=as_json)
            return
        good = True
        for each, row in _verdicts(deployment, sent, timeout):
            good = good and bool(row and row["status"] == "succeeded" and row["finished_at"])
            if as_json:
                typer.echo(json.dumps({"key": each.key, "version_id": each.version_id, "row": row}))
            else:
                console.print(render.verdict(each.key, row))
    raise typer.Exit(0 if good else 1)


def tail(  # noqa: PLR0917 they are options of a command
    key: Key,
    since: Annotated[str, typer.Option(help="How far to look back: 90s, 15m, 6h, 7d.")] = "1d",
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Print new lines as they are logged, until Ctrl-C.")
    ] = False,
    stack: Stack = None,
    utc: Utc = False,
    as_json: AsJson = False,
) -> None:
    """Print the worker's log lines about one file, oldest first."""
    try:
        start = datetime.now(UTC) - log.ago(since)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--since") from None
    with deployed(stack) as deployment:
        for line in log.lines(deployment, key, start, follow=follow):
            if as_json:
                typer.echo(json.dumps(line, ensure_ascii=False))
            else:
                console.print(render.log_line(line, utc=utc), soft_wrap=True)


def _instruction(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.startswith("csv-"):
        raise typer.BadParameter(f"{text!r} is not csv-NAME=VALUE", param_hint="--instruction")
    return name, value


def _send(deployment: Deployment, item: Input, key: str, metadata: dict[str, str]) -> Sent:
    size = None if item.stream else item.path.stat().st_size
    with readable(), render.progress(key, size) as sent:
        return upload.send(deployment, item, key, metadata, sent)


def _verdicts(deployment: Deployment, sent: list[Sent], timeout: int) -> Iterator[tuple[Sent, Row | None]]:
    deadline = time.monotonic() + timeout
    for each in sent:
        with Console(stderr=True).status(f"{each.key} is being processed"):
            row = upload.verdict(deployment, each, deadline)
        yield each, row


def _print_sent(sent: Sent, *, as_json: bool) -> None:
    document: dict[str, Any] = {"key": sent.key, "version_id": sent.version_id, "row": None}
    typer.echo(json.dumps(document) if as_json else f"{sent.key}  version {sent.version_id}")


COMMANDS: dict[str, Callable[..., None]] = {"upload": upload_files, "show": show, "tail": tail}
