import json
from typing import Any

import pytest

from tests.infra.program import Program

ALARMS = {
    "errors": ("AWS/Lambda", "Errors", "Sum", "GreaterThanThreshold", 0, 60),
    "duration": ("AWS/Lambda", "Duration", "Maximum", "GreaterThanThreshold", 5000, 60),
    "throttles": ("AWS/Lambda", "Throttles", "Sum", "GreaterThanThreshold", 0, 60),
    "dropped": ("AWS/Lambda", "AsyncEventsDropped", "Sum", "GreaterThanThreshold", 0, 60),
    "undelivered": ("AWS/Lambda", "DestinationDeliveryFailures", "Sum", "GreaterThanThreshold", 0, 60),
    "dead-letters": (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        "Maximum",
        "GreaterThanThreshold",
        0,
        60,
    ),
    "connections": ("AWS/RDS", "DatabaseConnections", "Maximum", "GreaterThanThreshold", 60, 300),
    "cpu": ("AWS/RDS", "CPUUtilization", "Average", "GreaterThanThreshold", 80, 300),
    "storage": ("AWS/RDS", "FreeStorageSpace", "Minimum", "LessThanThreshold", 2**30, 300),
}


def test_there_is_an_alarm_for_each_way_to_lose_or_delay_a_file(dev: Program) -> None:
    assert len(dev.all("MetricAlarm")) == len(ALARMS)


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_watches_its_metric(dev: Program, name: str) -> None:
    alarm = dev.one("MetricAlarm", f"-{name}")
    keys = ("namespace", "metricName", "statistic", "comparisonOperator", "threshold", "period")
    assert tuple(alarm[key] for key in keys) == ALARMS[name]


def test_every_alarm_tells_the_shared_topic_of_trouble_and_of_recovery(program: Program) -> None:
    for alarm in program.all("MetricAlarm"):
        assert alarm["alarmActions"] == [program.outputs["topic_arn"]]
        assert alarm["okActions"] == [program.outputs["topic_arn"]]
        assert alarm["treatMissingData"] == "notBreaching"
        assert alarm["alarmDescription"]


def test_every_alarm_watches_something_that_is_in_the_stack(program: Program) -> None:
    names = {
        "FunctionName": program.outputs["function_name"],
        "QueueName": f"{program.one('Queue').name}-0a1b2c3",
        "DBInstanceIdentifier": f"{program.one('Instance').name}-0a1b2c3",
    }
    for alarm in program.all("MetricAlarm"):
        [(dimension, value)] = alarm["dimensions"].items()
        assert value == names[dimension]


def test_thresholds_come_from_the_configuration(prod: Program) -> None:
    assert prod.one("MetricAlarm", "-connections")["threshold"] == 200
    assert prod.one("MetricAlarm", "-storage")["threshold"] == 5 * 2**30  # a twentieth of 100 GiB


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
        "The last failures",
    ]
    assert {widget["properties"]["region"] for widget in widgets} == {"eu-central-1"}
    assert f"SOURCE '{dev.outputs['log_group']}'" in widgets[-1]["properties"]["query"]


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
