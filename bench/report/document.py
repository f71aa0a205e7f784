"""docs/benchmarks.md from the figures: the text is a template's, every number is a figure's."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.report import prices, speed
from bench.report.figure import Figure
from bench.report.markdown import table
from bench.report.speed import NAMES, Figures

_TEMPLATE = Path(__file__).with_name("template.md")


def render(document: Mapping[str, Any]) -> str:
    """The whole text; `document` is that of docs/benchmarks.json."""
    figures = {name: Figure.from_document(each) for name, each in document["figures"].items()}
    parts = {
        "machine": _machine(document),
        "summary": speed.summary(figures),
        "cold": speed.cold(figures),
        "warm": speed.warm(figures),
        "requests": speed.requests(figures),
        "rates": speed.throughput(figures, "cpu"),
        "speeds": speed.throughput(figures, "wall"),
        "peaks": speed.peaks(figures),
        "cost": prices.cost(figures),
        "rival_cost": prices.rival_cost(figures),
        "default": prices.default(figures),
        "failures": _failures(figures),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], _TEMPLATE.read_text())


def _machine(document: Mapping[str, Any]) -> str:
    busiest = max((each.get("load", 0.0) for each in document["figures"].values()), default=0.0)
    facts = {
        **document["machine"],
        "load average": f"{busiest:.1f} at most, our own work included",
        "versions": ", ".join(f"{name} {version}" for name, version in document["versions"].items()),
    }
    return table(["", ""], [[name, str(value)] for name, value in facts.items()])


def _failures(figures: Figures) -> str:
    """What has no value, and why."""
    missing = [[name, "all", figure.error] for name, figure in figures.items() if figure.error]
    missing += [
        [name, NAMES.get(who, who), figure.failure(who)]
        for name, figure in figures.items()
        for who in figure.competitors
        if figure.failure(who)
    ]
    rows = [[name, who, why.replace("|", "\\|")] for name, who, why in missing]
    return table(["figure", "who", "why"], rows) if rows else "Nothing failed."
