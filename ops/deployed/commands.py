"""The operator's commands: they act on a deployed stack."""

import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.deployed import releases as images
from ops.deployed.backfill import Backfill
from ops.deployed.dead_letters import DeadLetters
from ops.deployed.deployment import AwsError, Deployment, DeploymentError, Names
from ops.deployed.doctor import examine
from ops.deployed.documents import print_document
from ops.deployed.pace import Tally
from ops.deployed.progress import progress
from ops.times import shown, zone

Stack = Annotated[str | None, typer.Option("--stack", help="The Pulumi stack; by default the selected one.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Utc = Annotated[bool, typer.Option("--utc", help="Print times in UTC, not in the local time zone.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only report what is missing.")]
Key = Annotated[str, typer.Argument(metavar="KEY", help="The object's key in the input bucket.")]
AtOnce = Annotated[int, typer.Option(min=1, max=50, help="The most files to process concurrently.")]
Since = Annotated[str, typer.Option(help="Only versions written at or after this time (ISO 8601).")]

console = Console()


def doctor(stack: Stack = None, as_json: AsJson = False) -> None:
    """Check every part of the stack. Exit status 1 if a check fails."""
    fit = True
    with deployed(stack) as deployment:
        for finding in examine(deployment):
            fit = fit and finding.trouble is None
            if as_json:
                typer.echo(json.dumps({"what": finding.what, "trouble": finding.trouble}))
                continue
            mark = "[red]✗[/]" if finding.trouble else "[green]✓[/]"
            console.print(f"{mark} {finding.what}")
            if finding.trouble:
                console.print(f"    {finding.trouble}", markup=False, soft_wrap=True)
    raise typer.Exit(0 if fit else 1)


def status(
    stack: Stack = None,
    hours: Annotated[int, typer.Option(min=1, help="How far to look back.")] = 24,
    as_json: AsJson = False,
) -> None:
    """Show recent uploads by status, and unfinished files."""
    with deployed(stack) as deployment:
        print_document(deployment.ask("status", hours=hours), as_json)


def history(
    prefix: Annotated[str, typer.Argument(help="Only keys with this prefix.")] = "",
    stack: Stack = None,
    limit: Annotated[int, typer.Option(min=1)] = 20,
    utc: Utc = False,
    as_json: AsJson = False,
) -> None:
    """List the latest uploads and their verdicts, newest first."""
    with deployed(stack) as deployment:
        rows = deployment.ask("history", prefix=prefix, limit=limit)["rows"]
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row, ensure_ascii=False))
        return
    table = Table(f"uploaded ({zone(utc=utc)})", "file", "status", "rows", "doubts", "error", box=None)
    for column in table.columns:
        column.no_wrap = True
    table.columns[1].no_wrap, table.columns[1].overflow = False, "fold"  # so that a key can be copied
    for row in rows:
        count = "" if row["row_count"] is None else f"{row['row_count']:,}"
        remarks = (str(row["warning_count"] or ""), row["error_code"] or "")
        cells = (shown(row["uploaded_at"], utc=utc), row["filename"], row["status"], count, *remarks)
        table.add_row(*map(Text, cells))
    console.print(table)


def replay(
    key: Key,
    version: Annotated[str | None, typer.Option(help="The version; by default the latest.")] = None,
    stack: Stack = None,
    as_json: AsJson = False,
) -> None:
    """Process a file again: new verdict, result and message. Exit status 1 if it fails."""
    with deployed(stack) as deployment:
        answer = deployment.ask("replay", key=key, version_id=version)
        print_document(answer, as_json)
    raise typer.Exit(1 if answer["status"] == "failed" else 0)


def reconcile(stack: Stack = None, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Find files that were not fully processed, and process them. Exit status 1 if one is stuck."""
    with deployed(stack) as deployment:
        _conclude(deployment.reconcile(dry_run=dry_run), as_json)


def backfill(  # noqa: PLR0917 they are options of a command
    prefix: Annotated[str, typer.Argument(help="Only keys with this prefix; '' for all.")],
    since: Since = "1970-01-01T00:00:00Z",
    stack: Stack = None,
    dry_run: DryRun = False,
    at_once: AtOnce = 10,
    as_json: AsJson = False,
) -> None:
    """Process files that are older than the stack. Exit status 1 if one cannot be processed."""
    with deployed(stack) as deployment, progress("backfill") as show:
        task = Backfill(deployment, prefix, since)
        if dry_run:
            tally = Tally()
            deque(task.uploads(), maxlen=0)  # for what it counts
        else:
            tally = task.run(at_once, show)
    print_document({"found": task.found, "without_row": task.without_row, **tally.document()}, as_json)
    raise typer.Exit(1 if tally.failures or tally.interrupted else 0)


def redrive(stack: Stack = None, at_once: AtOnce = 10, as_json: AsJson = False) -> None:
    """Process the events in the dead-letter queue again. Exit status 1 if one fails again."""
    with deployed(stack) as deployment, progress("redrive") as show:
        dead_letters = DeadLetters(deployment)
        tally = dead_letters.redrive(at_once, show)
    for each in dead_letters.executions:
        typer.echo(each, err=True)
    print_document(tally.document(), as_json)
    raise typer.Exit(1 if tally.failures or tally.interrupted else 0)


def releases(
    stack: Stack = None,
    limit: Annotated[int, typer.Option(min=1)] = 50,
    utc: Utc = False,
    as_json: AsJson = False,
) -> None:
    """List the images that can be deployed again, newest first, and the commands to roll back."""
    with deployed(stack) as deployment:
        found = images.releases(deployment)
    if as_json:
        for release in found[:limit]:
            typer.echo(json.dumps(release.document()))
        return
    for release in found[:limit]:  # in two lines, so that the digest can be copied
        pushed = shown(release.pushed_at.isoformat(), utc=utc)
        remarks = [*release.tags, *(["deployed"] if release.deployed else [])]
        typer.echo(f"{pushed} {zone(utc=utc)}  {', '.join(remarks)}\n  {release.digest}")
    if before := images.previous(found):
        where = f" --stack {stack}" if stack else ""
        typer.echo(
            f"Go back one: pulumi config set{where} imageDigest {before.digest} && pulumi up{where}\n"
            f"Build again: pulumi config rm{where} imageDigest && pulumi up{where}"
        )


COMMANDS = (doctor, status, history, replay, reconcile, backfill, redrive, releases)


@contextmanager
def deployed(stack: str | None) -> Iterator[Deployment]:
    """The stack of that name, by default the selected one. Its errors end the command."""
    try:
        yield Deployment(Names.of_stack(stack))
    except (*AwsError, DeploymentError) as error:
        Console(stderr=True).print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(error.status if isinstance(error, DeploymentError) else 3) from None


def _conclude(findings: dict[str, Any], as_json: bool) -> None:
    print_document(findings, as_json)
    raise typer.Exit(1 if findings["stuck"] else 0)
