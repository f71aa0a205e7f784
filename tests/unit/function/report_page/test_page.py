import re
from dataclasses import replace

from function.domain.content import Column, ColumnType, Use
from function.domain.errors import ErrorCode, FileError
from function.domain.findings import CsvWarning, Finding, Sample
from function.report_page import html
from function.report_page.columns import MOST
from function.scan import Options, scan
from tests.support.examples import IN_PARTS, PROFILE, SCAN
from tests.unit.function.report_page.parsed import Page, columns, document

RAGGED = b"id,name\n" + b"1,ann\n" * 15 + b"2\n" + b"3,bob,x\n" + b"4,eve\n" * 5


def test_the_verdict_comes_first_and_says_where_and_what_to_do() -> None:
    told = Page(html(document(scan([RAGGED], Options())))).told()
    verdict = "Failed data.csv Not accepted: ragged_rows, line 17. 2 records with too many or too few fields"
    assert told.startswith(f"Failed: data.csv {verdict}")


def test_the_lines_in_doubt_are_shown_with_their_text() -> None:
    told = Page(html(document(scan([RAGGED], Options())))).told()
    assert "too few fields short_record line 17 2 too many fields long_record line 18 3,bob,x" in told


def test_the_lines_that_are_not_shown_are_counted() -> None:
    samples = tuple(Sample(Finding.SHORT_RECORD, line, 0, "x") for line in range(1, 11))
    profile = replace(PROFILE, samples=samples, findings={Finding.SHORT_RECORD: 12_345})
    error = FileError(ErrorCode.RAGGED_ROWS, "12,345 records", line=1)
    told = Page(html(document(replace(SCAN, profile=profile, error=error)))).text
    assert "12,345 times" in told
    assert "and 12,335 more" in told


def test_a_warning_without_samples_is_shown_with_its_line() -> None:
    warnings = (CsvWarning(Finding.TOTAL, 1, "It looks like a total.", 4),)
    told = Page(html(document(replace(SCAN, profile=replace(PROFILE, warnings=warnings))))).text
    assert "It looks like a total." in told
    assert "line 4" in told


def test_what_is_not_in_doubt_is_kept_apart() -> None:
    file = b"id,name\n" + b"1,ann\n" * 20 + b"\nSource: x\n"
    page = Page(html(document(scan([file], Options()))))
    assert "Noticed, and not in doubt" in page.text
    assert "Lines and columns in doubt" not in page.text


def test_every_column_is_shown_with_all_that_is_known_of_it() -> None:
    date = Column("born", ColumnType.DATE, 617, "01/02/1999", "03/04/2001", 42, 10, "DD/MM/YYYY")
    page = Page(html(document(replace(SCAN, profile=replace(PROFILE, columns=(date,))))))
    told = page.told()
    assert "born date DD/MM/YYYY 617 50.0 % 42 01/02/1999 03/04/2001 10 bytes" in told
    assert ("span", {"style": "width:50.0%"}) in page.tags


def test_a_table_of_very_many_columns_shows_the_first_thousand() -> None:
    page = Page(html(document(columns(*(f"c{number}" for number in range(MOST + 3))))))
    assert page.text.count("c999") == 3  # name, smallest and largest
    assert "c1000" not in page.text
    assert "and 3 more columns" in page.text


def test_the_bar_of_lines_has_a_part_for_each_use_and_says_their_numbers() -> None:
    records = replace(PROFILE.records, physical_lines=8, lines={Use.HEADER: 1, Use.RECORD: 5, Use.BLANK: 2})
    page = Page(html(document(replace(SCAN, profile=replace(PROFILE, records=records)))))
    bars = [
        attributes for tag, attributes in page.tags if attributes.get("class") in set(Use) and tag == "span"
    ]
    assert {each["class"]: each.get("style") for each in bars} == {
        "header": "width:12.50%", "record": "width:62.50%", "blank": "width:25.00%"
    }  # fmt: skip
    [label] = [each["aria-label"] for _, each in page.tags if each.get("role") == "img"]
    assert label == "header: 1, records: 5, blank: 2"


def test_signs_that_cannot_be_seen_are_named() -> None:
    told = Page(html(document(scan([b"a\tb\r\n1\t2\r\n3\t4\r\n"], Options())))).told()
    assert "Delimiter tab" in told
    assert "Line end CRLF" in told


def test_a_file_that_could_not_be_read_has_a_page_too() -> None:
    page = Page(html(document(scan([b"%PDF-1.7"], Options()))))
    assert "Not accepted: not_csv" in page.text
    assert not page.classes("table")


def test_a_scan_without_any_service_has_a_page_without_places() -> None:
    source = {"key": "folder/my.csv", "size_bytes": 5, "sha256": None}
    page = Page(html({"status": "succeeded", "source": source, "csv": document()["csv"], "error": None}))
    assert "my.csv" in page.text
    assert "s3://" not in page.text
    assert "pipeline run folder/my.csv" in page.text


def test_a_result_of_an_earlier_release_has_a_page() -> None:
    result = document()
    del result["report"], result["source"]["superseded_by"], result["source"]["sha256_parts"]
    told = Page(html(result)).text
    assert "This page" not in told
    assert "ab" * 32 in told


def test_a_file_read_in_parts_shows_their_digest_and_one_without_a_digest_says_so() -> None:
    assert f"SHA-256 {'cd' * 32} of the digests of 160 parts" in Page(html(document(IN_PARTS))).told()
    error = FileError(ErrorCode.TIMEOUT, "cut off")
    assert "SHA-256 unknown" in Page(html(document(replace(SCAN, sha256=None, error=error)))).told()


def test_values_that_are_not_kept_leave_their_places_empty() -> None:
    result = document(scan([RAGGED], Options()))
    for column in result["csv"]["columns"]:
        column["min"] = column["max"] = None
    for sample in result["csv"]["samples"]:
        del sample["excerpt"]
    told = Page(html(result)).text
    assert "line 17" in told
    assert "None" not in told


def test_how_the_file_differs_from_those_before_it_is_told() -> None:
    remarks = [{"code": "columns_gone", "message": "The column <price> is gone.", "columns": ["price"]}]
    page = Page(html(document(series={"name": "a", "compared_with": 20, "remarks": remarks})))
    assert "Compared with the files before it The column <price> is gone." in page.told()


def test_what_a_file_has_against_its_contract_is_told() -> None:
    breaches = [{"code": "rows", "field": None, "message": "3 rows, and at least 5 are required"}]
    part = {"prefix": "in/", "version": 1, "breaches": breaches, "breach_count": 4}
    told = Page(html(document(contract=part))).told()
    assert "Against its contract 3 rows, and at least 5 are required and 3 more" in told


def test_a_page_fetches_nothing_and_runs_nothing() -> None:
    page = html(document(scan([RAGGED], Options())))
    assert (
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        in page
    )
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(|\bhref=|\bsrc=|\bon\w+=", page)
