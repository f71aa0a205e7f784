"""`pipeline late`: series whose next file is overdue."""

import json

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.deployed.commands import AsJson, Stack, Utc, deployed
from ops.times import shown, zone


def late(stack: Stack = None, utc: Utc = False, as_json: AsJson = False) -> None:
    """List series whose next file is overdue. Exit status 1 if there are any."""
    with deployed(stack) as deployment:
        found = deployment.ask("late")["overdue"]
    if as_json:
        for each in found:
            typer.echo(json.dumps(each, ensure_ascii=False))
    elif found:
        name = zone(utc=utc)
        table = Table("series", f"last file ({name})", f"due ({name})", "every (h)", box=None)
        table.columns[0].overflow = "fold"
        for each in found:
            last, due = (shown(each[moment], utc=utc) for moment in ("last_uploaded_at", "due_at"))
            table.add_row(Text(each["series"]), last, due, f"{each['interval_hours']:,}")
        Console().print(table)
    else:
        typer.echo("no series is overdue")
    raise typer.Exit(1 if found else 0)
