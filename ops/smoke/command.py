"""`pipeline smoke`, as it is typed and as it prints."""

import json
import time
from collections.abc import Callable
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from ops.deployed.commands import AsJson, Stack, deployed
from ops.deployed.deployment import Deployment
from ops.smoke import advice, steps
from ops.smoke.checks import Row

T = TypeVar("T")
_SECONDS = 120  # a cold start, a failed first attempt, and the minute that Lambda waits before the second


def smoke(
    stack: Stack = None,
    timeout: Annotated[int, typer.Option(min=1, help="Seconds that the verdict may take.")] = _SECONDS,
    as_json: AsJson = False,
) -> None:
    """Upload a small CSV, check all that comes of it, and remove it. Exit status 1 if a step fails."""
    with deployed(stack) as deployment:
        failed = _run(deployment, timeout, Journal(as_json=as_json))
        if failed and not as_json:
            typer.echo(f"\nThe first step that failed: {failed}. Look at")
            for what, command in advice.advice(failed, deployment.names, stack).items():
                typer.echo(f"  {what:<18} {command}")
    raise typer.Exit(1 if failed else 0)


def _run(deployment: Deployment, timeout: float, journal: "Journal") -> str | None:
    """Take the steps; the name of the first that failed."""
    sent = journal.step(advice.UPLOAD, lambda: steps.upload(deployment))
    if sent is None:
        return journal.failed
    row = journal.step(advice.VERDICT, lambda: steps.wait(deployment, sent, timeout, _progress()), _verdict)
    if row is not None:
        for name, check in (
            (advice.ROW, lambda: steps.check_row(sent, row)),
            (advice.RESULT, lambda: steps.check_result(deployment, sent, row)),
            (advice.BACKUP, lambda: steps.check_backup(deployment, sent, row)),
        ):
            if journal.step(name, check) is None:
                break
    if row is not None and row["finished_at"]:
        journal.step(advice.CLEAN_UP, lambda: steps.clean_up(deployment, sent, row))
    else:
        journal.skip(advice.CLEAN_UP, f"the function may still be at it, so it stays: {sent}")
    return journal.failed


class Journal:
    """Prints each step with its time, or as one JSON document a line.

    Attributes:
        failed: the first step that failed.
    """

    def __init__(self, *, as_json: bool = False) -> None:
        self.failed: str | None = None
        self._as_json = as_json

    def step(self, name: str, do: Callable[[], T], told: Callable[[T], str] = str) -> T | None:
        """Do it, and tell of it; what it returned, None if it failed."""
        began = time.perf_counter()
        try:
            done = do()
        except steps.FAULTS as error:
            self._print("✗", name, began, str(error))
            self.failed = self.failed or name
            return None
        self._print("✓", name, began, told(done))
        return done

    def skip(self, name: str, why: str) -> None:
        """Tell why it is not done."""
        self._print("-", name, time.perf_counter(), why)

    def _print(self, mark: str, name: str, began: float, what: str) -> None:
        seconds = time.perf_counter() - began
        if self._as_json:
            outcome = {"✓": "passed", "✗": "failed", "-": "skipped"}[mark]
            document = {"step": name, "outcome": outcome, "seconds": round(seconds, 2), "told": what}
            typer.echo(json.dumps(document, ensure_ascii=False))
        else:
            typer.echo(f"{mark} {name:<11} {seconds:7.2f} s  {what}")


def _progress() -> Callable[[str], None]:
    """Prints what is known while the verdict is waited for, with the seconds so far."""
    console, began = Console(stderr=True), time.perf_counter()
    return lambda known: console.print(
        f"  {time.perf_counter() - began:5.1f} s: {known}", style="dim", markup=False, soft_wrap=True
    )


def _verdict(row: Row) -> str:
    return f"{row['status']}, attempt {row['attempts']}"
