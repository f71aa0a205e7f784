"""Graphs and tables as a dashboard's body has them, placed on its grid of 24 columns. Pure."""

from collections.abc import Sequence
from typing import Any

WIDTH, HEIGHT, COLUMNS = 8, 6, 3
Source = tuple[str, ...]  # a namespace, then a dimension and its value, if the metric has one
Line = list[Any]
Graph = tuple[str, list[Line]]


def line(source: Source, metric: str, stat: str, label: str = "", *, right: bool = False) -> Line:
    """One metric of a graph, on its left axis or its right one."""
    namespace, *dimension = source
    axis = {"yAxis": "right"} if right else {}
    return [namespace, metric, *dimension, {"stat": stat, "label": label or stat} | axis]


def widget(region: str, number: int, graph: Graph) -> dict[str, Any]:
    """The graph at a place, counted from the top left."""
    title, lines = graph
    row, column = divmod(number, COLUMNS)
    return {
        "type": "metric",
        "x": column * WIDTH,
        "y": row * HEIGHT,
        "width": WIDTH,
        "height": HEIGHT,
        "properties": {
            "title": title,
            "region": region,
            "metrics": lines,
            "period": 60,
            "view": "timeSeries",
        },
    }


def log(
    region: str, log_groups: Sequence[str], title: str, query: str, at: tuple[int, int, int]
) -> dict[str, Any]:
    """A table of a query in CloudWatch Logs Insights; `at` is its left, its top and its width."""
    left, top, width = at
    query = " | ".join([*(f"SOURCE '{name}'" for name in log_groups), query])
    return {
        "type": "log",
        "x": left,
        "y": top,
        "width": width,
        "height": HEIGHT,
        "properties": {"title": title, "region": region, "query": query, "view": "table"},
    }
