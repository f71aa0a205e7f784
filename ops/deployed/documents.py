"""What a command found, as it is printed."""

import json
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text


def print_document(document: dict[str, Any], as_json: bool) -> None:
    """Print what a command found, as JSON or for people."""
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False))
        return
    table = Table("", "", box=None, show_header=False)
    table.columns[1].overflow = "fold"
    for name, value in document.items():
        for text in _texts(value):
            table.add_row(name.replace("_", " "), Text(text))
    Console().print(table)


def _texts(value: Any) -> list[str]:
    """A value in lines: a dictionary has one for each item of its lists."""
    match value:
        case dict():
            return [f"{what}: {item}" for what, items in value.items() for item in items]
        case bool():
            return ["yes" if value else "no"]
        case int():
            return [f"{value:,}"]
        case None:
            return ["none"]
    return [str(value)]
