"""The dashboard's body. Pure: names in, JSON out.

Source: "Dashboard body structure and syntax" in the CloudWatch API reference.
"""

import json
from typing import Any

_WIDTH, _HEIGHT, _COLUMNS = 8, 6, 3
Metric = list[Any]


def body(*, region: str, namespace: str, function: str, queue: str, database: str, log_group: str) -> str:
    """Nine graphs in three rows, and the last failures under them.

    Args:
        region: where the metrics are.
        namespace: of the pipeline's own metrics.
        function: the worker's name.
        queue: the dead-letter queue's name.
        database: the instance's identifier.
        log_group: the worker's log.
    """
    files, rows, failed = ([namespace, name] for name in ("Files", "Rows", "FilesFailed"))
    lambda_ = ["AWS/Lambda", "FunctionName", function]
    sqs = ["AWS/SQS", "QueueName", queue]
    rds = ["AWS/RDS", "DBInstanceIdentifier", database]
    graphs = [
        _graph("Files per minute", [[*files, _stat("Sum")]]),
        _graph("Rows per minute", [[*rows, _stat("Sum")]]),
        _graph(
            "Failures per minute",
            [[*failed, _stat("Sum", "bad files")], _metric(lambda_, "Errors", _stat("Sum", "faults"))],
        ),
        _graph(
            "Duration (ms)",
            [_metric(lambda_, "Duration", _stat(each)) for each in ("p50", "p99", "Maximum")],
        ),
        _graph(
            "Age of the oldest unfinished file",
            [
                _metric(lambda_, "AsyncEventAge", _stat("Maximum", "waiting or retried (ms)")),
                _metric(
                    sqs,
                    "ApproximateAgeOfOldestMessage",
                    _stat("Maximum", "given up (s)") | {"yAxis": "right"},
                ),
            ],
        ),
        _graph(
            "At once",
            [
                _metric(lambda_, "ConcurrentExecutions", _stat("Maximum")),
                _metric(lambda_, "Throttles", _stat("Sum") | {"yAxis": "right"}),
            ],
        ),
        _graph("Dead letters", [_metric(sqs, "ApproximateNumberOfMessagesVisible", _stat("Maximum"))]),
        _graph(
            "Database load",
            [
                _metric(rds, "CPUUtilization", _stat("Average")),
                _metric(rds, "DatabaseConnections", _stat("Maximum") | {"yAxis": "right"}),
            ],
        ),
        _graph("Database disk free (bytes)", [_metric(rds, "FreeStorageSpace", _stat("Minimum"))]),
    ]
    for graph in graphs:
        graph["properties"]["region"] = region
    return json.dumps({"widgets": [*map(_placed, range(len(graphs)), graphs), _failures(region, log_group)]})


def _stat(stat: str, label: str = "") -> dict[str, str]:
    return {"stat": stat} | ({"label": label} if label else {"label": stat})


def _metric(source: list[str], name: str, options: dict[str, str]) -> Metric:
    namespace, *dimension = source
    return [namespace, name, *dimension, options]


def _graph(title: str, metrics: list[Metric]) -> dict[str, Any]:
    return {
        "type": "metric",
        "width": _WIDTH,
        "height": _HEIGHT,
        "properties": {"title": title, "metrics": metrics, "period": 60, "view": "timeSeries"},
    }


def _placed(number: int, graph: dict[str, Any]) -> dict[str, Any]:
    row, column = divmod(number, _COLUMNS)
    return graph | {"x": column * _WIDTH, "y": row * _HEIGHT}


def _failures(region: str, log_group: str) -> dict[str, Any]:
    query = (
        f"SOURCE '{log_group}' | fields @timestamp, key, status, error_code, reason"
        " | filter status = 'failed' or message = 'not processed' | sort @timestamp desc | limit 50"
    )
    return {
        "type": "log",
        "x": 0,
        "y": 3 * _HEIGHT,
        "width": _COLUMNS * _WIDTH,
        "height": _HEIGHT,
        "properties": {"title": "The last failures", "region": region, "query": query, "view": "table"},
    }
