"""The dashboard's body. Pure: names in, JSON out.

Source: "Dashboard body structure and syntax" in the CloudWatch API reference.
"""

import json
from collections.abc import Iterator
from typing import Any

from infra.monitoring.metrics import RECONCILIATIONS

_WIDTH, _HEIGHT, _COLUMNS = 8, 6, 3
Source = tuple[str, ...]  # a namespace, then a dimension and its value, if the metric has one
Line = list[Any]
Graph = tuple[str, list[Line]]


def body(
    *,
    region: str,
    namespace: str,
    function: str,
    operator: str,
    migrate: str,
    schedules: str,
    queue: str,
    database: str,
    log_group: str,
) -> str:
    """Fifteen graphs in five rows; under them files by code, and the last failures.

    Args:
        region: where the metrics are.
        namespace: of the pipeline's own metrics.
        function: the worker's name.
        operator: the name of the operators' function.
        migrate: the migrate function's name.
        schedules: the name of the schedules' group.
        queue: the dead-letter queue's name.
        database: the instance's identifier.
        log_group: the worker's log.
    """
    worker, dead_letters = ("AWS/Lambda", "FunctionName", function), ("AWS/SQS", "QueueName", queue)
    graphs = [
        *_files((namespace,), worker),
        *_time(worker, dead_letters),
        *_parts(dead_letters, ("AWS/RDS", "DBInstanceIdentifier", database)),
        *_expectations((namespace,)),
        *_upkeep((namespace,), operator, migrate, ("AWS/Scheduler", "ScheduleGroup", schedules)),
    ]
    widgets = [_widget(region, number, graph) for number, graph in enumerate(graphs)]
    logs = _logs(region, log_group, len(graphs) // _COLUMNS * _HEIGHT)
    return json.dumps({"widgets": [*widgets, *logs]})


def _files(own: Source, worker: Source) -> Iterator[Graph]:
    yield "Files per minute", [_line(own, "Files", "Sum")]
    yield "Rows per minute", [_line(own, "Rows", "Sum")]
    bad = _line(own, "FilesFailed", "Sum", "bad files")
    yield "Failures per minute", [bad, _line(worker, "Errors", "Sum", "faults")]


def _time(worker: Source, dead_letters: Source) -> Iterator[Graph]:
    yield "Duration (ms)", [_line(worker, "Duration", stat) for stat in ("p50", "p99", "Maximum")]
    waiting = _line(worker, "AsyncEventAge", "Maximum", "waiting or retried (ms)")
    given_up = _line(dead_letters, "ApproximateAgeOfOldestMessage", "Maximum", "given up (s)", right=True)
    yield "Age of the oldest unfinished file", [waiting, given_up]
    running = _line(worker, "ConcurrentExecutions", "Maximum", "running")
    yield "At once", [running, _line(worker, "Throttles", "Sum", "refused", right=True)]


def _parts(dead_letters: Source, database: Source) -> Iterator[Graph]:
    yield "Dead letters", [_line(dead_letters, "ApproximateNumberOfMessagesVisible", "Maximum")]
    busy = _line(database, "CPUUtilization", "Average", "CPU (%)")
    yield (
        "Database load",
        [busy, _line(database, "DatabaseConnections", "Maximum", "connections", right=True)],
    )
    yield "Database disk free (bytes)", [_line(database, "FreeStorageSpace", "Minimum")]


def _expectations(own: Source) -> Iterator[Graph]:
    doubtful = _line(own, "FilesDoubtful", "Sum", "doubtful")
    yield (
        "Doubtful files per minute",
        [doubtful, _line(own, "FilesUnlike", "Sum", "unlike the earlier ones of their series")],
    )
    yield "Series overdue", [_line(own, "SeriesOverdue", "Maximum", "at the last look")]
    yield "Oldest unfinished row (s)", [_line(own, "OldestUnfinished", "Maximum", "at the last look")]


def _upkeep(own: Source, operator: str, migrate: str, schedules: Source) -> Iterator[Graph]:
    yield "Reconciliations", [_line(own, RECONCILIATIONS, "Sum", "reported")]
    functions = [("operator", operator), ("migrate", migrate)]
    failed = [
        _line(("AWS/Lambda", "FunctionName", name), "Errors", "Sum", label) for label, name in functions
    ]
    yield "Failed operations and migrations", failed
    failing = _line(schedules, "TargetErrorCount", "Sum", "failed, tried again")
    yield (
        "Calls of the schedules",
        [failing, _line(schedules, "InvocationDroppedCount", "Sum", "given up")],
    )


def _line(source: Source, metric: str, stat: str, label: str = "", *, right: bool = False) -> Line:
    namespace, *dimension = source
    axis = {"yAxis": "right"} if right else {}
    return [namespace, metric, *dimension, {"stat": stat, "label": label or stat} | axis]


def _widget(region: str, number: int, graph: Graph) -> dict[str, Any]:
    title, lines = graph
    row, column = divmod(number, _COLUMNS)
    return {
        "type": "metric",
        "x": column * _WIDTH,
        "y": row * _HEIGHT,
        "width": _WIDTH,
        "height": _HEIGHT,
        "properties": {
            "title": title,
            "region": region,
            "metrics": lines,
            "period": 60,
            "view": "timeSeries",
        },
    }


def _logs(region: str, log_group: str, top: int) -> Iterator[dict[str, Any]]:
    """What is looked up in the worker's log: an event that is repeated has no codes, and is not counted."""
    processed = "filter message = 'processed'"
    half = _COLUMNS * _WIDTH // 2
    by_code = (
        ("Failed files by code", f"{processed} and ispresent(error_code)", "error_code"),
        (
            "Doubtful files by code",
            f"{processed} and (doubts > 0 or remarks > 0)",
            "doubt_codes, remark_codes",
        ),
    )
    for place, (title, which, codes) in enumerate(by_code):
        query = f"{which} | stats count(*) as files by {codes} | sort files desc | limit 20"
        yield _log(region, log_group, title, query, (place * half, top, half))
    failures = (
        "fields @timestamp, key, status, error_code, reason"
        " | filter status = 'failed' or message = 'not processed' | sort @timestamp desc | limit 50"
    )
    yield _log(region, log_group, "The last failures", failures, (0, top + _HEIGHT, 2 * half))


def _log(region: str, log_group: str, title: str, query: str, at: tuple[int, int, int]) -> dict[str, Any]:
    """A table of a query in CloudWatch Logs Insights; `at` is its left, its top and its width."""
    left, top, width = at
    query = f"SOURCE '{log_group}' | {query}"
    return {
        "type": "log",
        "x": left,
        "y": top,
        "width": width,
        "height": _HEIGHT,
        "properties": {"title": title, "region": region, "query": query, "view": "table"},
    }
