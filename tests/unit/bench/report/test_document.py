import json
import re
from typing import Any

import pytest

from bench import ROOT
from bench.report.cost import cheapest
from bench.report.document import render
from bench.report.figure import Figure
from bench.report.markdown import number, table
from bench.report.prices import costs
from infra.configuration.config import Config

SAMPLE = {"cpu": 0.012, "wall": 0.1, "peak_mb": 100.0}
COUNT = {"requests": 4, "aws": 5, "database": 3}


def warm(ours: float, rival: float) -> dict[str, Any]:
    rounds = [{"ours": {**SAMPLE, "wall": ours}, "pandas": {**SAMPLE, "wall": rival}}]
    return {"rounds": rounds, "facts": {"bytes": 1000, "counts": {"ours": COUNT, "pandas": COUNT}}}


def quota(seconds: float) -> dict[str, Any]:
    return {"rounds": [{"ours": {**SAMPLE, "wall": seconds}}], "facts": {"bytes": 1000}}


def document(**figures: Any) -> str:
    return render({"machine": {"processor": "one"}, "versions": {"polars": "2"}, "figures": figures})


def test_a_value_of_a_rival_stands_beside_its_ratio_to_ours() -> None:
    figures = {"warm 0 ms": warm(0.02, 0.05), "warm 5 ms": warm(0.04, 0.08), "warm 20 ms": warm(0.1, 0.17)}
    text = document(**figures)
    assert "| ours | 12.0 | 20.0 | 40.0 | 100 |" in text
    assert "| pandas | 12.0 (×1.00) | 50.0 (×2.50) | 80.0 (×2.00) | 170 (×1.70) |" in text
    assert "| ours | 4 | 5 | 3 | 4.00 |" in text


def test_a_reader_that_is_twice_as_fast_has_the_ratio_two() -> None:
    scan = {
        "rounds": [{"ours": SAMPLE | {"cpu": 4.0}, "polars": SAMPLE | {"cpu": 2.0}}],
        "facts": {"bytes": 4e8},
    }
    assert "| mixed table: MB a CPU second | 100 | – | – | 200 |" in document(
        **{"scan mixed, 400 MB, file": scan}
    )
    assert "| mixed, 400 MB, file | 100 | – | – | 200 (×2.00) |" in document(
        **{"scan mixed, 400 MB, file": scan}
    )


def test_the_default_is_the_cheapest_size_that_keeps_the_alarm_quiet() -> None:
    figures = {}
    for memory, seconds in ((512, 9.0), (1024, 4.5), (1769, 2.5), (3538, 1.5)):
        for name, part in (("1 KB", 0.1), ("1 MB", 0.1), ("200 MB", seconds)):
            figures[f"quota {memory} MB, {name}"] = quota(part)
    text = document(**figures)
    assert "The cheapest that keeps a file of 200 MB under 5 s is 1,024 MB (4.50 s)." in text
    assert "| 1,024 | 100 | 1.53 | 100 | 1.53 | 4.50 | 0.30 | 100 |" in text


def test_a_figure_that_failed_is_told_of_and_leaves_the_others() -> None:
    text = document(cold={"error": "no CPU | quota"}, **{"warm 0 ms": warm(0.02, 0.05)})
    assert "| cold | all | no CPU \\| quota |" in text
    assert "| ours | 12.0 | 20.0 |" in text


def test_how_busy_the_machine_was_is_told() -> None:
    text = document(cold={"rounds": [], "load": 1.25}, warm={"rounds": [], "load": 7.5})
    assert "| load average | 7.5 at most, our own work included |" in text


def test_nothing_of_the_template_is_left_open() -> None:
    assert "{{" not in document()


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0.0123, "0.01"), (9.99, "9.99"), (12.34, "12.3"), (99.97, "100"), (1234.5, "1,234")],
)
def test_a_number_has_three_figures_that_count(value: float | None, text: str) -> None:
    assert number(value) == text


def test_a_table_has_a_rule_of_its_width() -> None:
    assert table(["", "a"], [["x", "1"]]).splitlines() == ["|  | a |", "| --- | --- |", "| x | 1 |"]


def test_the_published_document_says_what_the_published_figures_say() -> None:
    published = json.loads((ROOT / "docs" / "benchmarks.json").read_text())
    assert (ROOT / "docs" / "benchmarks.md").read_text() == render(published)


def test_the_default_memory_is_the_cheapest_that_was_measured_to_keep_the_alarm_quiet() -> None:
    published = json.loads((ROOT / "docs" / "benchmarks.json").read_text())
    found = cheapest(costs({name: Figure.from_document(each) for name, each in published["figures"].items()}))
    assert found
    assert Config(bucket_prefix="any").memory == found.memory_mb


def test_the_published_document_shows_pictures_that_are_there() -> None:
    shown = re.findall(r"\]\((benchmarks/\w+\.svg)\)", (ROOT / "docs" / "benchmarks.md").read_text())
    assert len(shown) == 4
    assert all((ROOT / "docs" / each).is_file() for each in shown)
