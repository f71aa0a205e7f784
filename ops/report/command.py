"""`pipeline report`, as it is typed."""

from pathlib import Path
from typing import Annotated

import typer

from function.domain.model import Document
from ops.deployed.commands import Stack, deployed
from ops.report import sources
from ops.run.inputs import STDIN, InputError, resolve

Subject = Annotated[
    str,
    typer.Argument(
        metavar="FILE|KEY", help="A CSV file on this machine, or the key of one in the input bucket."
    ),
]
Output = Annotated[Path, typer.Option("--output", "-o", help="Where the page is written.")]
Open = Annotated[bool, typer.Option("--open", help="Show the page in the browser.")]
Version = Annotated[
    str | None, typer.Option(help="The version of KEY; the latest that has a result without it.")
]


def report(
    subject: Subject,
    output: Output = Path("report.html"),
    open_: Open = False,
    version: Version = None,
    stack: Stack = None,
) -> None:
    """Make a page of a verdict: what is in doubt, and where; the columns; how the file was read.

    A name of a file that is there is scanned on this machine, without any service and with the limits of a
    stack that sets none; unless --stack or --version says that a deployed stack is meant.
    """
    from function.report_page import html  # noqa: PLC0415 the template engine, which no other command needs

    page = html(_scanned(subject) if _is_here(subject, version, stack) else _stored(subject, version, stack))
    try:
        output.write_text(page, encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{output}: {error.strerror}", param_hint="--output") from None
    typer.echo(output)
    if open_:
        typer.launch(output.resolve().as_uri())


def _is_here(subject: str, version: str | None, stack: str | None) -> bool:
    """Whether a file on this machine is meant; what is taken for a key without a word of one is told."""
    if stack or version:
        return False
    path = Path(subject)
    here = path == STDIN or (path.exists() and not path.is_dir())
    if not here:
        typer.echo(f"{subject}: no file on this machine, so taken for a key of the deployed stack", err=True)
    return here


def _scanned(path: str) -> Document:
    try:
        [item] = resolve([Path(path)])
        return sources.scanned(item)
    except InputError as error:
        raise typer.BadParameter(str(error), param_hint="FILE") from None
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}", param_hint="FILE") from None


def _stored(key: str, version: str | None, stack: str | None) -> Document:
    with deployed(stack) as deployment:
        return sources.stored(deployment, key, version)
