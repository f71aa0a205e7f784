import json
from typing import Any

from tests.infra.monitoring.test_monitoring import ALARMS
from tests.infra.support.program import Program


def test_the_dashboard_shows_what_an_operator_asks_first(dev: Program) -> None:
    widgets: list[dict[str, Any]] = json.loads(dev.one("Dashboard")["dashboardBody"])["widgets"]
    titles = [widget["properties"]["title"] for widget in widgets]
    assert titles == [
        "Files per minute",
        "Rows per minute",
        "Failures per minute",
        "Duration (ms)",
        "Age of the oldest unfinished file",
        "At once",
        "Dead letters",
        "Database load",
        "Database disk free (bytes)",
        "Doubtful files per minute",
        "Series overdue",
        "Oldest unfinished row (s)",
        "Reconciliations",
        "Failed operations and migrations",
        "Calls of the schedules",
        "Large files",
        "Parts of large files",
        "Duration of large files (ms)",
        "Failed files by code",
        "Doubtful files by code",
        "The last failures",
    ]
    assert {widget["properties"]["region"] for widget in widgets} == {"eu-central-1"}
    for widget in widgets[-3:]:
        assert widget["properties"]["query"].startswith(
            f"SOURCE '{dev.outputs['log_group']}' | SOURCE '{dev.one('LogGroup', '-finish')['name']}' | "
        )


def test_no_widget_lies_on_another(dev: Program) -> None:
    cells: set[tuple[int, int]] = set()
    for widget in json.loads(dev.one("Dashboard")["dashboardBody"])["widgets"]:
        area = {
            (x, y)
            for x in range(widget["x"], widget["x"] + widget["width"])
            for y in range(widget["y"], widget["y"] + widget["height"])
        }
        assert not area & cells
        assert max(x for x, _ in area) < 24  # the grid of a dashboard
        cells |= area


def test_the_dashboard_names_metrics_that_something_publishes(dev: Program) -> None:
    ours = {each["metricTransformation"]["name"] for each in dev.all("LogMetricFilter")}
    namespaces = {each["metricTransformation"]["namespace"] for each in dev.all("LogMetricFilter")}
    assert len(namespaces) == 1
    known = {(namespace, name) for namespace in namespaces for name in ours}
    known |= {(namespace, metric) for namespace, metric, *_ in ALARMS.values()}
    known |= {
        ("AWS/Lambda", "AsyncEventAge"),
        ("AWS/Lambda", "ConcurrentExecutions"),
        ("AWS/Lambda", "Invocations"),
        *(("AWS/States", metric) for metric in ("ExecutionsStarted", "ExecutionsSucceeded", "ExecutionTime")),
        ("AWS/SQS", "ApproximateAgeOfOldestMessage"),
    }
    shown = {
        (metric[0], metric[1])
        for widget in json.loads(dev.one("Dashboard")["dashboardBody"])["widgets"]
        for metric in widget["properties"].get("metrics", [])
    }
    assert shown <= known


def test_the_dashboard_can_be_opened(dev: Program) -> None:
    name = dev.one("Dashboard")["dashboardName"]
    assert dev.outputs["dashboard_url"].endswith(f"?region=eu-central-1#dashboards/dashboard/{name}")
