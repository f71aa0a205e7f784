"""Text that would be more than text in a page."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from function.domain import report
from function.domain.findings import CsvWarning, Finding, Sample
from function.report_page import html
from tests.support.examples import OBJECT, PROFILE, SCAN, STAMPED, TIMING, TO
from tests.unit.function.report_page.parsed import Page, columns, document

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;",
    "x" * 10_000,
    "مرحبا \u202egpj.exe",
    "\x00\x1b[31m\x7f\x85\u2028\ufeff",
    "\ud800",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(text: str) -> None:
    good, bad = Page(html(document(columns("name")))), Page(html(document(columns(text))))
    assert [tag for tag, each in bad.tags if each.get("class") != "sign"] == [tag for tag, _ in good.tags]
    assert len(html(document(columns(text)))) < 30_000


@pytest.mark.parametrize("key", [*HOSTILE, "in/</title><script>.csv"])
def test_a_hostile_key_is_shown_as_text(key: str) -> None:
    good, bad = document(), report.document(replace(OBJECT, key=key), SCAN, STAMPED, TO, TIMING)
    tags = [tag for tag, each in Page(html(bad)).tags if each.get("class") != "sign"]
    assert tags == [tag for tag, _ in Page(html(good)).tags]


@given(st.text(max_size=400))
def test_no_text_changes_the_structure_of_a_page(text: str) -> None:
    quote = CsvWarning(Finding.TOTAL, 1, text or "x", 4)
    profile = replace(
        columns(text).profile or PROFILE, warnings=(quote,), samples=(Sample(Finding.TOTAL, 4, 0, text),)
    )
    page = html(document(replace(SCAN, profile=profile)))
    page.encode()
    tags = {tag for tag, _ in Page(page).tags}
    assert not tags & {"script", "img", "a", "link", "iframe", "b", "svg"}
