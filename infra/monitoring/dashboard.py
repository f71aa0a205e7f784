"""The dashboard's body. Pure: names in, JSON out.

Source: "Dashboard body structure and syntax" in the CloudWatch API reference.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from infra.monitoring.metrics import RECONCILIATIONS
from infra.monitoring.widgets import COLUMNS, HEIGHT, WIDTH, Graph, Source, line, log, widget


@dataclass(frozen=True, kw_only=True)
class LargeFiles:
    """What reads large files in parts: the state machine's ARN, its functions, and the log of the latter."""

    state_machine: str
    part: str
    finish: str
    log_group: str


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
    large: LargeFiles | None = None,
) -> str:
    """Fifteen graphs in five rows, and three of large files; under them files by code, and the last failures.

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
        large: what reads large files, if anything does.
    """
    worker, dead_letters = ("AWS/Lambda", "FunctionName", function), ("AWS/SQS", "QueueName", queue)
    graphs = [
        *_files((namespace,), worker),
        *_time(worker, dead_letters),
        *_parts(dead_letters, ("AWS/RDS", "DBInstanceIdentifier", database)),
        *_expectations((namespace,)),
        *_upkeep((namespace,), operator, migrate, ("AWS/Scheduler", "ScheduleGroup", schedules)),
        *(_large_files(large) if large else ()),
    ]
    widgets = [widget(region, number, graph) for number, graph in enumerate(graphs)]
    read = [log_group, large.log_group] if large else [log_group]
    logs = _logs(region, read, len(graphs) // COLUMNS * HEIGHT)
    return json.dumps({"widgets": [*widgets, *logs]})


def _files(own: Source, worker: Source) -> Iterator[Graph]:
    yield "Files per minute", [line(own, "Files", "Sum")]
    yield "Rows per minute", [line(own, "Rows", "Sum")]
    bad = line(own, "FilesFailed", "Sum", "bad files")
    yield "Failures per minute", [bad, line(worker, "Errors", "Sum", "faults")]


def _time(worker: Source, dead_letters: Source) -> Iterator[Graph]:
    yield "Duration (ms)", [line(worker, "Duration", stat) for stat in ("p50", "p99", "Maximum")]
    waiting = line(worker, "AsyncEventAge", "Maximum", "waiting or retried (ms)")
    given_up = line(dead_letters, "ApproximateAgeOfOldestMessage", "Maximum", "given up (s)", right=True)
    yield "Age of the oldest unfinished file", [waiting, given_up]
    running = line(worker, "ConcurrentExecutions", "Maximum", "running")
    yield "At once", [running, line(worker, "Throttles", "Sum", "refused", right=True)]


def _parts(dead_letters: Source, database: Source) -> Iterator[Graph]:
    yield "Dead letters", [line(dead_letters, "ApproximateNumberOfMessagesVisible", "Maximum")]
    busy = line(database, "CPUUtilization", "Average", "CPU (%)")
    yield (
        "Database load",
        [busy, line(database, "DatabaseConnections", "Maximum", "connections", right=True)],
    )
    yield "Database disk free (bytes)", [line(database, "FreeStorageSpace", "Minimum")]


def _expectations(own: Source) -> Iterator[Graph]:
    doubtful = line(own, "FilesDoubtful", "Sum", "doubtful")
    yield (
        "Doubtful files per minute",
        [doubtful, line(own, "FilesUnlike", "Sum", "unlike the earlier ones of their series")],
    )
    yield "Series overdue", [line(own, "SeriesOverdue", "Maximum", "at the last look")]
    yield "Oldest unfinished row (s)", [line(own, "OldestUnfinished", "Maximum", "at the last look")]


def _large_files(large: LargeFiles) -> Iterator[Graph]:
    executions = ("AWS/States", "StateMachineArn", large.state_machine)
    parts, steps = (("AWS/Lambda", "FunctionName", name) for name in (large.part, large.finish))
    ends = {"Succeeded": "done", "Failed": "failed", "TimedOut": "timed out", "Aborted": "stopped"}
    yield (
        "Large files",
        [
            line(executions, "ExecutionsStarted", "Sum", "begun"),
            *(line(executions, f"Executions{end}", "Sum", label) for end, label in ends.items()),
        ],
    )
    yield (
        "Parts of large files",
        [
            line(parts, "Invocations", "Sum", "read"),
            line(parts, "Errors", "Sum", "failed, tried again"),
            line(parts, "ConcurrentExecutions", "Maximum", "at once", right=True),
        ],
    )
    yield (
        "Duration of large files (ms)",
        [
            line(executions, "ExecutionTime", "Maximum", "whole"),
            line(parts, "Duration", "Maximum", "a part"),
            line(steps, "Duration", "Maximum", "merge, end"),
        ],
    )


def _upkeep(own: Source, operator: str, migrate: str, schedules: Source) -> Iterator[Graph]:
    yield "Reconciliations", [line(own, RECONCILIATIONS, "Sum", "reported")]
    functions = [("operator", operator), ("migrate", migrate)]
    failed = [line(("AWS/Lambda", "FunctionName", name), "Errors", "Sum", label) for label, name in functions]
    yield "Failed operations and migrations", failed
    failing = line(schedules, "TargetErrorCount", "Sum", "failed, tried again")
    yield (
        "Calls of the schedules",
        [failing, line(schedules, "InvocationDroppedCount", "Sum", "given up")],
    )


def _logs(region: str, log_groups: Sequence[str], top: int) -> Iterator[dict[str, Any]]:
    """What is looked up in the logs of verdicts: one that is repeated has no codes."""
    processed = "filter message = 'processed'"
    half = COLUMNS * WIDTH // 2
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
        yield log(region, log_groups, title, query, (place * half, top, half))
    failures = (
        "fields @timestamp, key, status, error_code, reason"
        " | filter status = 'failed' or message = 'not processed' | sort @timestamp desc | limit 50"
    )
    yield log(region, log_groups, "The last failures", failures, (0, top + HEIGHT, 2 * half))
