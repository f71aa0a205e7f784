"""The pictures of docs/benchmarks.md: few strokes, no background, colours that show on white and on black."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt

from bench.plan import DELAYS
from bench.report.cost import ALARM_SECONDS
from bench.report.figure import Figure
from bench.report.prices import costs
from bench.report.speed import NAMES, Figures, mixed, scans

_INK = "#7d8590"
_COLOURS = {
    "ours": "#2f81f7", "pandas": "#db6d28", "typical": "#a371f7", "polars": "#3fb950", "duckdb": "#d29922",
    "pyarrow": "#db61a2", "read": "#7d8590",
}  # fmt: skip
_STYLE = {
    "text.color": _INK, "axes.labelcolor": _INK, "axes.edgecolor": _INK, "xtick.color": _INK, "ytick.color": _INK,
    "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False, "font.size": 9,
    "svg.fonttype": "none", "svg.hashsalt": "benchmarks", "font.family": "sans-serif",
}  # fmt: skip


def draw(document: Mapping[str, Any], folder: Path) -> None:
    """Write every picture whose figures are there."""
    figures = {name: Figure.from_document(each) for name, each in document["figures"].items()}
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(_STYLE):
        _save(_warm(figures), folder / "warm.svg")
        _save(_throughput(figures), folder / "throughput.svg")
        _save(_memory(figures), folder / "memory.svg")
        _save(_cost(figures), folder / "cost.svg")


def _save(picture: Any, path: Path) -> None:
    picture.tight_layout()
    picture.savefig(path, transparent=True, metadata={"Date": None, "Creator": None})
    plt.close(picture)


def _warm(figures: Figures) -> Any:
    picture, axes = plt.subplots(figsize=(6, 2.8))
    found = {delay: figures.get(f"warm {delay} ms", Figure()) for delay in DELAYS}
    for who in found[0].competitors:
        values = [(figure.median(who, "wall") or 0) * 1000 for figure in found.values()]
        axes.plot(DELAYS, values, marker="o", color=_COLOURS[who], label=NAMES[who])
    axes.set(xlabel="delay of each turnaround (ms)", ylabel="wall time (ms)", xticks=DELAYS, ylim=(0, None))
    axes.legend()
    return picture


def _throughput(figures: Figures) -> Any:
    tables = {name: figure for name, figure in scans(figures).items() if name.endswith("file")}
    whos = [who for who in NAMES if who != "read"]
    picture, axes = plt.subplots(figsize=(7, 0.6 + 0.42 * len(tables)))
    for place, who in enumerate(whos):
        rates = [figure.rate(who, "cpu") or 0 for figure in tables.values()]
        heights = [row + (place - len(whos) / 2) * 0.13 for row in range(len(tables))]
        axes.barh(heights, rates, 0.12, color=_COLOURS[who], label=NAMES[who])
    axes.set(xlabel="MB for each second of CPU", yticks=range(len(tables)), yticklabels=list(tables))
    axes.invert_yaxis()
    axes.legend(loc="lower right")
    return picture


def _memory(figures: Figures) -> Any:
    figure = mixed(figures)
    picture, axes = plt.subplots(figsize=(6, 2.2))
    whos = figure.competitors
    axes.barh(
        [NAMES[who] for who in whos],
        [figure.median(who, "peak_mb") or 0 for who in whos],
        color=[_COLOURS[who] for who in whos],
    )
    axes.set(xlabel="peak memory (MB)")
    axes.invert_yaxis()
    return picture


def _cost(figures: Figures) -> Any:
    picture, (left, right) = plt.subplots(1, 2, figsize=(7, 2.8))
    for who in ("ours", "pandas", "typical"):
        found = costs(figures, who)
        sizes = [each.memory_mb for each in found]
        style = {"marker": "o", "color": _COLOURS[who], "label": NAMES[who]}
        left.plot(sizes, [each.middle_dollars for each in found], **style)
        right.plot(sizes, [each.large for each in found], **style)
    right.axhline(ALARM_SECONDS, color=_INK, linestyle=":", label="alarm")
    left.set(xlabel="memory (MB)", ylabel="$ for a million files of 1 MB", ylim=(0, None))
    right.set(xlabel="memory (MB)", ylabel="s for a file of 200 MB", ylim=(0, None))
    right.legend()
    return picture
