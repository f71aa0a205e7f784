import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from rich.console import Console

from local.stack import Stack
from ops.run import batch, render
from ops.run.inputs import Input
from ops.run.runner import Report


def process(stack: Stack, files: list[Input]) -> list[Report]:
    reports: list[Report] = []

    async def given() -> AsyncIterator[Input]:
        for item in files:
            yield item

    asyncio.run(batch.process(stack, given(), lambda _, report: reports.append(report), Console(quiet=True)))
    return reports


def test_a_file_that_vanishes_does_not_stop_the_others(stack: Stack, tmp_path: Path) -> None:
    files = [Input(tmp_path / f"{n}.csv", f"{n}.csv") for n in range(3)]
    for item in (files[0], files[2]):
        item.path.write_text("x\n1\n")
    reports = process(stack, files)
    assert [report.succeeded for report in reports] == [True, False, True]
    assert reports[1].fault
    assert "1.csv" in reports[1].fault["responsePayload"]["errorMessage"]
    assert render.totals(reports) == "3 files: 2 succeeded with 2 rows, 1 failed"


def test_a_file_that_could_not_be_uploaded_is_shown_with_the_reason(stack: Stack, tmp_path: Path) -> None:
    (report,) = process(stack, [Input(tmp_path / "gone.csv", "gone.csv")])
    with (tmp_path / "out").open("w") as out:
        Console(width=200, file=out).print(render.verdict("gone.csv", report))
    shown = (tmp_path / "out").read_text()
    assert "given up gone.csv" in shown
    assert "FileNotFoundError" in shown


def test_reports_come_in_the_order_of_the_files_whatever_their_size(stack: Stack, tmp_path: Path) -> None:
    files = []
    for n, rows in enumerate([200_000, 1, 50_000, 2, 3, 4]):
        (tmp_path / f"{n}.csv").write_text("x\n" + "12345\n" * rows)
        files.append(Input(tmp_path / f"{n}.csv", f"order/{n}.csv"))
    counts = [report.result and report.result["csv"]["rows"] for report in process(stack, files)]
    assert counts == [200_000, 1, 50_000, 2, 3, 4]
