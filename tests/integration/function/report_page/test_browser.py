"""report.html in a real browser: what no reading of its text can tell."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from function.domain import report
from function.domain.content import Column, ColumnType
from function.report_page import html
from tests.documents.browser import MISSING, browser, executable
from tests.documents.examples import doubt, failure, success
from tests.support.examples import OBJECT, PROFILE, SCAN, STAMPED, TIMING, TO

pytestmark = pytest.mark.skipif(not executable(), reason=MISSING)
PHONE, DESK, PAPER = 375, 1280, 794
SCRIPT = "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'>"


def table(*names: str) -> str:
    columns = tuple(
        Column(name, ColumnType.STRING, 5, name, name, 3, len(name), remarks=()) for name in names
    )
    found = replace(SCAN, profile=replace(PROFILE, columns=columns))
    obj = replace(OBJECT, key=f"in/{names[0] if names else 'empty'}.csv")
    return html(report.document(obj, found, STAMPED, TO, TIMING))


PAGES = {
    "7 columns": html(success()),
    "doubt": html(doubt()),
    "failure": html(failure()),
    "no columns": table(),
    "500 columns": table(*(f"column {number}" for number in range(500))),
    "script": table(SCRIPT),
    "right to left": table("مرحبا بالعالم", "a\u202egpj.exe", "שלום"),
    "long": table("x" * 10_000, "word " * 2000),
}
every_page = pytest.mark.parametrize("name", PAGES)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as running:
        yield running


def opened(chromium: Browser, folder: Path, text: str, width: int = DESK, scheme: str = "light") -> Page:
    """The page in a tab of its own; `requests` of the tab are those of the page alone."""
    file = folder / "report.html"
    file.write_text(text, encoding="utf-8")
    page = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(file.as_uri())
    return page


@every_page
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_page_is_never_wider_than_the_window(
    chromium: Browser, tmp_path: Path, name: str, width: int
) -> None:
    page = opened(chromium, tmp_path, PAGES[name], width)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [(name, DESK, "light") for name in PAGES]
    + [(name, PHONE, "dark") for name in PAGES if "500" not in name],
)
def test_a_page_can_be_read_by_everybody(
    chromium: Browser, tmp_path: Path, name: str, width: int, scheme: str
) -> None:
    """Axe finds contrast that is too low, tables without heads, what no screen reader can tell, and more."""
    page = opened(chromium, tmp_path, PAGES[name], width, scheme)
    violations = Axe().run(page).response["violations"]
    serious = [each for each in violations if each["impact"] in {"serious", "critical"}]
    assert not serious, [(each["id"], each["nodes"][0]["html"]) for each in serious]
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_has_the_colours_of_the_reader(chromium: Browser, tmp_path: Path, scheme: str) -> None:
    page = opened(chromium, tmp_path, PAGES["failure"], scheme=scheme)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert light is (scheme == "light")
    page.close()


@every_page
def test_a_page_asks_for_nothing_and_runs_nothing(chromium: Browser, tmp_path: Path, name: str) -> None:
    page = chromium.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    file = tmp_path / "report.html"
    file.write_text(PAGES[name], encoding="utf-8")
    page.goto(file.as_uri(), wait_until="networkidle")
    assert asked == [file.as_uri()]
    assert page.evaluate("window.hit") is None
    page.close()


def test_a_script_that_gets_into_a_page_is_not_run(chromium: Browser, tmp_path: Path) -> None:
    injected = PAGES["7 columns"].replace("<main>", f"<main>{SCRIPT}")
    assert injected != PAGES["7 columns"]
    page = opened(chromium, tmp_path, injected)
    assert page.evaluate("window.hit") is None
    page.close()
    permitted = injected.replace("Content-Security-Policy", "X-None")
    page = opened(chromium, tmp_path, permitted)
    assert page.evaluate("window.hit") == 1  # so that the test can fail
    page.close()


def test_a_name_from_right_to_left_turns_nothing_round_but_itself(chromium: Browser, tmp_path: Path) -> None:
    page = opened(chromium, tmp_path, PAGES["right to left"])
    row = page.locator("table.columns tbody tr").nth(0)
    lefts = [box["x"] for cell in row.locator("th, td").all() if (box := cell.bounding_box())]
    assert len(lefts) == 8
    assert lefts == sorted(lefts)
    page.close()


@every_page
def test_a_page_is_printed_dark_on_white_and_whole(chromium: Browser, tmp_path: Path, name: str) -> None:
    page = opened(chromium, tmp_path, PAGES[name], PAPER, "dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("document.documentElement.scrollWidth") == PAPER
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.close()
