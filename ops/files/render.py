"""How a file of a deployed stack is printed, in 80 columns."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from function.domain import warnings_text
from function.domain.message.digest import digest
from ops.files.log import Line
from ops.files.upload import Row
from ops.run.render import columns
from ops.times import shown, zone

_COLOURS = {"succeeded": "green", "failed": "red"}


def file(row: Row, result: dict[str, Any] | None, versions: list[Row], *, utc: bool) -> RenderableType:
    """Everything about one version, and a line for each other version.

    Args:
        row: of file_metadata, without the column `result`.
        result: its result.json, if it has one.
        versions: the rows of all versions of the key, the latest first.
        utc: times in UTC; in the local zone otherwise.
    """
    parts: list[RenderableType] = [verdict(row["filename"], row)]
    if result:
        parts += [Text(f"doubt: {text}", "yellow") for text in warnings_text.lines(result)]
    parts.append(_facts(row, utc=utc))
    if result and result["csv"]:
        parts += [Text(""), columns(result["csv"])]
    if len(versions) > 1:
        parts += [Text(""), _versions(versions, row, utc=utc)]
    return Group(*parts)


def verdict(key: str, row: Row | None) -> Text:
    """The verdict on a file in a line or two."""
    if row is None:
        return Text.assemble(("no row yet ", "bold yellow"), (key, "bold"))
    line = Text.assemble(
        (f"{row['status']} ", f"bold {_COLOURS.get(row['status'], 'yellow')}"), (key, "bold")
    )
    if row["row_count"] is not None:
        line.append(f"  {row['row_count']:,} rows, {row['column_count']:,} columns")
    if row["warning_count"]:
        line.append(f", {row['warning_count']} doubts", "yellow")
    if row["error_code"]:
        line.append(f"\n{row['error_code']}: {row['error_message']}", "red")
    if row["status"] != "processing" and not row["finished_at"]:
        line.append("\nnot delivered yet: a retry or `pipeline reconcile` delivers what is missing", "yellow")
    return line


def log_line(line: Line, *, utc: bool) -> Text:
    """One line of the log: time, level, message, and the other fields."""
    moment = datetime.fromtimestamp(line["time"] / 1000, UTC).isoformat()
    known = {"time", "timestamp", "level", "message", "key", "logger", "requestId"}
    rest = " ".join(f"{name}={json.dumps(value)}" for name, value in line.items() if name not in known)
    return Text(f"{shown(moment, utc=utc)} {line.get('level', ''):<7} {line.get('message', '')} {rest}")


@contextmanager
def progress(key: str, size: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on stderr while a file is uploaded; yields what to call with each number of further bytes.

    `size` is None where it is not known.
    """
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(20),
        DownloadColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(key, total=size)
        yield lambda count: bar.advance(task, count)


def _facts(row: Row, *, utc: bool) -> Table:
    table = Table(box=None, show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    facts = {
        f"uploaded ({zone(utc=utc)})": shown(row["uploaded_at"], utc=utc),
        "verdict": shown(row["timestamp"], utc=utc),
        "version": row["version_id"],
        "bytes": f"{row['size_bytes']:,}",
        "sha256": digest(row),
        "result": row["result_key"] or "",
        "backup": row["backup_key"] or "",
        "message sent": shown(row["notified_at"], utc=utc),
        "execution": row.get("execution") or "",
        "attempts": f"{row['attempts']}" + (f", replayed {row['replays']} times" if row["replays"] else ""),
    }
    for name, value in facts.items():
        if value:
            table.add_row(name, Text(value))
    return table


def _versions(rows: list[Row], current: Row, *, utc: bool) -> Table:
    table = Table("uploaded", "version", "status", "rows", "error", box=None)
    table.columns[1].overflow = "fold"
    for row in rows:
        count = "" if row["row_count"] is None else f"{row['row_count']:,}"
        mark = "→ " if row is current else ""
        cells = (shown(row["uploaded_at"], utc=utc), f"{mark}{row['version_id']}", row["status"])
        table.add_row(*map(Text, (*cells, count, row["error_code"] or "")))
    return table
