"""What a person sees of a report."""

import json
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from function.domain import warnings_text
from function.domain.message.digest import digest
from local.stack import Stack
from ops.deployed.records import Record
from ops.run.runner import Report

_COLUMNS_SHOWN = 30
_VALUE_CHARACTERS = 24


def verdict(name: str, report: Report) -> RenderableType:
    """Everything about one file."""
    if report.result is None:
        return Panel(_given_up(report), title=_title(name, "given up", "red"), title_align="left")
    result = report.result
    good = result["status"] == "succeeded"
    said = (
        f"{result['status']} with {number}" if (number := warnings_text.number(result)) else result["status"]
    )
    colour = "red" if not good else "yellow" if number else "green"
    parts: list[RenderableType] = [_headline(result, report.duration_ms)]
    parts += [Text(f"doubt: {text}", "yellow") for text in warnings_text.lines(result)]
    if result["csv"]:
        parts.append(columns(result["csv"]))
    parts.append(_traces(result, report))
    parts += [_mail(message) for message in report.notifications]
    return Panel(Group(*parts), title=_title(name, said, colour), title_align="left")


def columns(csv: dict[str, Any]) -> Table:
    """The columns of a `csv` document as a table."""
    table = Table(box=None, header_style="bold")
    for heading in ("column", "type"):
        table.add_column(heading, overflow="fold")
    table.add_column("nulls", justify="right")
    for heading in ("min", "max"):
        table.add_column(heading, no_wrap=True)
    for column in csv["columns"][:_COLUMNS_SHOWN]:
        table.add_row(
            escape(column["name"]),
            column["type"],
            f"{column['nulls']:,}",
            _short(column["min"]),
            _short(column["max"]),
        )
    if (more := len(csv["columns"]) - _COLUMNS_SHOWN) > 0:
        table.add_row(f"… {more:,} more", "", "", "", "")
    return table


def totals(reports: list[Report]) -> str:
    """The last line of a run."""
    good = sum(report.succeeded for report in reports)
    rows = sum(report.result["csv"]["rows"] for report in reports if report.succeeded and report.result)
    files = "1 file" if len(reports) == 1 else f"{len(reports):,} files"
    doubtful = sum(report.doubtful for report in reports)
    remark = f"; {doubtful:,} with doubts" if doubtful else ""
    return f"{files}: {good:,} succeeded with {rows:,} rows, {len(reports) - good:,} failed{remark}"


def endpoints(console: Console, stack: Stack) -> None:
    """Print how to reach a stack that keeps running."""
    names = stack.names
    lines = {
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
    for label, text in lines.items():
        console.print(f"{label:<10}{text}", markup=False, soft_wrap=True, highlight=False)


def _title(name: str, status: str, colour: str) -> Text:
    return Text.assemble((f" {status} ", f"bold {colour}"), (f"{name} ", "bold"))


def _headline(result: dict[str, Any], duration_ms: int) -> Text:
    line = Text()
    if error := result["error"]:
        place = f"line {error['line']}: " if error["line"] else ""
        line.append(f"{error['code']}: {place}{error['message']}\n", "red")
    if csv := result["csv"]:
        records = csv["records"]
        line.append(f"{csv['rows']:,} rows", "bold")
        line.append(f" in {len(csv['columns']):,} columns")
        line.append(f" ({records['rejected']:,} rejected, {records['blank']:,} blank)")
        line.append(f", scanned in {result['timing']['scan_ms']:,} ms", "dim")
    line.append(f", {duration_ms:,} ms from upload to mail" if csv else f"{duration_ms:,} ms", "dim")
    return line


def _traces(result: dict[str, Any], report: Report) -> Table:
    table = Table(box=None, show_header=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    record = report.record or {}
    output, backup = result["output"], report.backup
    lines = {
        "result": f"s3://{output['bucket']}/{output['key']}",
        "backup": f"s3://{backup['bucket']}/{backup['key']}" if backup else "none: there was nothing to copy",
        "row": f"file_metadata id {record.get('id')}, status {record.get('status')},"
        f" timestamp {record.get('timestamp')}",
        "sha256": digest(result["source"]) or "unknown",
    }
    for label, text in lines.items():
        table.add_row(label, escape(text))
    return table


def _mail(message: dict[str, Any]) -> Panel:
    return Panel(
        Text(message["message"]),
        title=Text(f" Subject: {message['subject']} "),
        title_align="left",
        border_style="dim",
    )


def _given_up(report: Report) -> Text:
    fault = report.fault or {}
    record = Record.parse(json.dumps(fault))
    if record and record.execution:
        return Text(f"{record.execution}\nIts event is in the dead-letter queue.", "red")
    response = fault.get("responsePayload") or {}
    text = f"{response.get('errorType', 'Error')}: {response.get('errorMessage', 'no message')}"
    if context := fault.get("requestContext"):
        text += f"\nThe event is in the dead-letter queue after {context['approximateInvokeCount']} attempts."
    return Text(text, "red")


def _short(value: str | None) -> Text:
    if value is None:
        return Text("")
    line = "".join(each if each.isprintable() else "·" for each in value)
    return Text(line if len(line) <= _VALUE_CHARACTERS else f"{line[: _VALUE_CHARACTERS - 1]}…")
