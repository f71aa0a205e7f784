"""Results, and what a browser makes of their pages."""

from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

from function.domain import report
from function.domain.content import Column, ColumnType, Scan
from function.domain.model import Document
from tests.support.examples import OBJECT, PROFILE, SCAN, STAMPED, TIMING, TO


class Page(HTMLParser):
    """What a browser makes of a page, as far as these tests ask."""

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._style = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._style = tag == "style"
        if tag not in {"bdi", "span"}:
            self.text += " "

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.text += data

    def told(self) -> str:
        """Its text with single blanks."""
        return " ".join(self.text.split())

    def classes(self, tag: str) -> list[str | None]:
        return [attributes.get("class") for name, attributes in self.tags if name == tag]


def document(found: Scan = SCAN, **changes: Any) -> Document:
    return report.document(OBJECT, found, STAMPED, TO, TIMING) | changes


def columns(*names: str) -> Scan:
    made = tuple(Column(name, ColumnType.STRING, 0, name, name) for name in names)
    return replace(SCAN, profile=replace(PROFILE, columns=made))
