"""docs/reading.md says what the reader does: all of it, and nothing that it does not do."""

import json
import re
from pathlib import Path

import pytest

from function.domain.errors import ErrorCode
from function.domain.findings import Finding
from function.scan.bytes import binary, foreign
from tests.unit.support.tables import LENIENT, read

DOCS = Path(__file__).parents[4] / "docs"
READING = (DOCS / "reading.md").read_text()
SCHEMA = json.loads((DOCS / "result.schema.json").read_text())
ELSEWHERE = {ErrorCode.OBJECT_GONE, ErrorCode.NOT_READABLE, ErrorCode.TIMEOUT, ErrorCode.BAD_INSTRUCTION}


def table(heading: str) -> list[list[str]]:
    """The cells of the last table below a heading."""
    part = READING.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def codes(text: str) -> list[str]:
    return [code for code in re.findall(r"`(\w+)`", text) if code in list(Finding)]


def test_every_finding_is_explained_and_in_the_schema() -> None:
    explained = [code for row in table("What is reported") for code in codes(row[0])]
    assert sorted(explained) == sorted(Finding)
    assert sorted(SCHEMA["$defs"]["finding"]["enum"]) == sorted(Finding)


def test_every_code_of_a_refusal_is_explained_and_in_the_schema() -> None:
    explained = [row[0].strip("`") for row in table("What is refused")]
    assert sorted(explained) == sorted(set(ErrorCode) - ELSEWHERE)
    assert SCHEMA["properties"]["error"]["oneOf"][1]["properties"]["code"]["enum"] == list(ErrorCode)
    operations = (DOCS / "operations.md").read_text()
    assert all(f"\n| `{code}` |" in operations for code in ErrorCode)


def test_everything_that_is_refused_by_name_is_listed() -> None:
    text = " ".join(READING.split("By name are refused:")[1].split("\n## ")[0].split())
    magic = [name for _, name in foreign._MAGIC] + [name for *_, name in foreign._INSIDE]
    texts = [*foreign._TEXTS, *foreign._WITHOUT_FIELDS, "a dBASE table", "text in EBCDIC", binary.UNKNOWN]
    for name in magic + texts:
        assert name in text or name.split(", ")[0] in text, name


@pytest.mark.parametrize("row", table("What cannot be decided"), ids=lambda row: row[0])
def test_what_cannot_be_decided_is_read_as_the_table_says(row: list[str]) -> None:
    file, _, rows, said = row
    data = file.strip("`").replace("⏎", "\n").encode().decode("unicode_escape").encode("latin-1")
    profile = read(data + b"\n", options=LENIENT).profile
    assert profile is not None
    assert rows == f"{profile.rows}, {'header' if profile.dialect.header else 'no header'}"
    assert sorted(codes(said)) == sorted(profile.findings)
    ragged = {Finding.SHORT_HEADER, Finding.SHORT_RECORD}
    warned = set(codes(said)) - ragged if "in the column only" not in said else set()
    assert {each.code for each in profile.warnings} == warned
    if "header_confidence" in said:
        assert f"`header_confidence` {profile.dialect.header_confidence}" == said
    if "encoding" in said:
        assert said.endswith(f"`encoding` is {profile.dialect.encoding}")
    if "records.blank" in said:
        assert profile.records.blank == 1
