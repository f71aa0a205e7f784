"""The pipeline's own metrics: CloudWatch draws them from the lines that the functions log. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric, or one of the sources of a metric.

    Attributes:
        name: the metric's.
        lines: which lines count, as a filter pattern of CloudWatch Logs.
        value: what each of them adds.
    """

    name: str
    lines: str
    value: str = "1"


# Of a large file the worker says that it is "processing"; the function that finishes it has the verdict.
_NEW_FILE = '$.message = "processed" && $.repeated IS FALSE && $.status != "processing"'
RECONCILIATIONS = "Reconciliations"

OF_WORKER = (
    Metric("Files", f"{{ {_NEW_FILE} }}"),
    Metric("FilesFailed", f'{{ {_NEW_FILE} && $.status = "failed" }}'),
    Metric("Rows", f"{{ {_NEW_FILE} && $.rows = * }}", "$.rows"),
    Metric("FilesDoubtful", f"{{ {_NEW_FILE} && $.doubts > 0 }}"),
    Metric("FilesUnlike", f"{{ {_NEW_FILE} && $.remarks > 0 }}"),
)
OF_OPERATOR = (
    Metric(RECONCILIATIONS, '{ $.message = "reconciled" && $.scheduled IS TRUE }'),
    Metric("SeriesOverdue", '{ $.message = "watched" }', "$.series_overdue"),
    Metric("OldestUnfinished", '{ $.message = "watched" }', "$.oldest_unfinished_seconds"),
)
OF_MIGRATE = (Metric(RECONCILIATIONS, '{ $.message = "migrated" && $.applied[0] = "*" }'),)
"""A schema that was changed counts as a reconciliation: a new stack is not called silent before its first."""
