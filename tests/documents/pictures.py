"""The pictures of the documents, made of what the code shows today: `make pictures`.

The page in light and dark and on a phone, the message, and a run in a terminal. They are not compared with
those that are there: fonts and times differ from machine to machine.
"""

import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from function.domain.message import message
from function.domain.model import Document
from function.report_page import html
from tests.documents import messages
from tests.documents.browser import MISSING, browser, executable
from tests.documents.examples import doubt, failure

IMAGES = messages.DOCUMENT.parent / "images"
_ROOT = messages.DOCUMENT.parents[1]
_COLUMNS = 110
_HEIGHT = 1000
_WEB_FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)  # which a picture may not load


def page(name: str, result: Document, width: int, scheme: str) -> None:
    """A screenshot of the upper part of report.html."""
    with TemporaryDirectory() as folder, browser() as chromium:
        file = Path(folder) / "report.html"
        file.write_text(html(result), encoding="utf-8")
        tab = chromium.new_page(viewport={"width": width, "height": _HEIGHT}, color_scheme=scheme)  # type: ignore[arg-type]
        tab.goto(file.as_uri())
        tab.screenshot(path=IMAGES / name)


def mail(name: str, result: Document) -> None:
    """A message as a mail program shows it."""
    told = message(result)
    console = _console()
    console.print(Panel(Text(told.body), title=Text(f" {told.subject} "), title_align="left"))
    _save(console, name, "One file, one message")


def terminal(name: str, *arguments: str) -> None:
    """A run of the command."""
    environment = {**os.environ, "FORCE_COLOR": "1", "TTY_INTERACTIVE": "0", "COLUMNS": str(_COLUMNS)}
    command = [str(Path(sys.executable).parent / "pipeline"), *arguments]
    done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=True)
    console = _console()
    console.print(Text("$ make run CSV=" + arguments[-1], "bold"))
    console.print(Text.from_ansi(done.stdout))
    _save(console, name, "make run")


def _console() -> Console:
    return Console(record=True, width=_COLUMNS, file=StringIO(), force_terminal=True)


def _save(console: Console, name: str, title: str) -> None:
    (IMAGES / name).write_text(_WEB_FONTS.sub("", console.export_svg(title=title)), encoding="utf-8")


def main() -> None:
    """Make them all."""
    if not executable():
        sys.exit(MISSING)
    IMAGES.mkdir(exist_ok=True)
    messages.DOCUMENT.write_text(messages.document(), encoding="utf-8")
    page("report-failure.png", failure(), 1100, "light")
    page("report-doubt-dark.png", doubt(), 1100, "dark")
    page("report-phone.png", failure(), 375, "light")
    mail("message.svg", failure())
    terminal("run.svg", "run", "local/samples/airports.csv")


if __name__ == "__main__":
    main()
