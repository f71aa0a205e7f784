"""How fast: the tables of one small file and of throughput."""

import re
from collections.abc import Mapping

from bench.plan import DELAYS
from bench.report.figure import OURS, Figure, waits
from bench.report.markdown import beside, number, table

NAMES = {
    "ours": "ours", "pandas": "pandas", "typical": "typical", "polars": "polars, inferring",
    "duckdb": "DuckDB SUMMARIZE", "pyarrow": "pyarrow", "read": "read and SHA-256",
}  # fmt: skip
Figures = Mapping[str, Figure]


def mixed(figures: Figures) -> Figure:
    """The table that all readers are compared on, from a file."""
    return next(
        (each for name, each in scans(figures).items() if re.fullmatch("mixed.*file", name)), Figure()
    )


def summary(figures: Figures) -> str:
    """What matters most, of everybody."""
    whos = [who for who in NAMES if who != "read"]
    slow = figures.get(f"warm {DELAYS[-1]} ms", Figure())
    fast, first, large = figures.get("warm 0 ms", Figure()), figures.get("cold", Figure()), mixed(figures)
    measured = {
        f"1 KB, warm, {DELAYS[-1]} ms a turnaround: wall ms": [slow.median(who, "wall") for who in whos],
        "1 KB, warm: CPU ms": [fast.median(who, "cpu") for who in whos],
        "1 KB, cold: CPU ms": [first.median(who, "cpu") for who in whos],
    }
    rows = [[name, *(number(each, 1000) for each in values)] for name, values in measured.items()]
    rows += [
        ["mixed table: MB a CPU second", *(number(large.rate(who, "cpu")) for who in whos)],
        ["mixed table: MB a second", *(number(large.rate(who, "wall")) for who in whos)],
        ["mixed table: peak MB", *(number(large.median(who, "peak_mb")) for who in whos)],
    ]
    return table(["", *(NAMES[who] for who in whos)], rows)


def cold(figures: Figures) -> str:
    """Import and first file."""
    figure = figures.get("cold", Figure())
    rows = [
        [
            NAMES[who],
            _against_ours(figure, who, "cpu", 1000),
            _against_ours(figure, who, "wall", 1000),
            _against_ours(figure, who, "peak_mb"),
        ]
        for who in figure.competitors
    ]
    return table(["", "CPU ms", "wall ms", "peak MB"], rows)


def warm(figures: Figures) -> str:
    """A file of 1 KB, for each delay."""
    found = {delay: figures.get(f"warm {delay} ms", Figure()) for delay in DELAYS}
    rows = [
        [
            NAMES[who],
            _against_ours(found[0], who, "cpu", 1000),
            *(_against_ours(figure, who, "wall", 1000) for figure in found.values()),
        ]
        for who in found[0].competitors
    ]
    return table(["", "CPU ms", *(f"wall ms at {delay} ms" for delay in DELAYS)], rows)


def requests(figures: Figures) -> str:
    """What a warm file of 1 KB asks of AWS and of the database."""
    fast, slow = figures.get("warm 0 ms", Figure()), figures.get(f"warm {DELAYS[-1]} ms", Figure())
    rows = [
        [
            NAMES[who],
            *(str(count[each]) for each in ("requests", "aws", "database")),
            number(waits(fast, slow, who, DELAYS[-1] / 1000)),
        ]
        for who, count in slow.facts.get("counts", {}).items()
    ]
    return table(
        ["", "AWS requests", "AWS turnarounds", "database turnarounds", "waited for one after the other"],
        rows,
    )


def _against_ours(figure: Figure, who: str, measure: str, scale: float = 1.0) -> str:
    ratio = None if who == OURS else figure.ratio(who, measure)
    return beside(figure.median(who, measure), ratio, scale)


def scans(figures: Figures) -> dict[str, Figure]:
    """Those of throughput that were measured, by table, size and source."""
    return {
        name.removeprefix("scan "): figure
        for name, figure in figures.items()
        if name.startswith("scan ") and figure.rounds
    }


def throughput(figures: Figures, measure: str) -> str:
    """MB for each second of CPU or of wall time; every table against every reader."""
    rows = []
    for name, figure in scans(figures).items():
        cells = [name]
        for who in NAMES:
            ratio = None if who == OURS else figure.ratio(who, measure)
            cells.append(beside(figure.rate(who, measure), 1 / ratio if ratio else None))
        rows.append(cells)
    return table(["", *NAMES.values()], rows)


def peaks(figures: Figures) -> str:
    """The most memory held."""
    rows = [
        [name, *(number(figure.median(who, "peak_mb")) for who in NAMES)]
        for name, figure in scans(figures).items()
    ]
    return table(["", *NAMES.values()], rows)
