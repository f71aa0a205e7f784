"""The pipeline's own metrics: CloudWatch draws them from the lines that the functions log."""

from collections.abc import Iterable
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.function import Function


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


_NEW_FILE = '$.message = "processed" && $.repeated IS FALSE'
RECONCILIATIONS = "Reconciliations"

OF_WORKER = (
    Metric("Files", f"{{ {_NEW_FILE} }}"),
    Metric("FilesFailed", f'{{ {_NEW_FILE} && $.status = "failed" }}'),
    Metric("Rows", f"{{ {_NEW_FILE} && $.rows = * }}", "$.rows"),
)
OF_OPERATOR = (Metric(RECONCILIATIONS, '{ $.message = "reconciled" && $.scheduled IS TRUE }'),)
OF_MIGRATE = (Metric(RECONCILIATIONS, '{ $.message = "migrated" && $.applied[0] = "*" }'),)
"""A schema that was changed counts as a reconciliation: a new stack is not called silent before its first."""


def draw(
    namespace: str, metrics: Iterable[Metric], function: Function, name: str, opts: pulumi.ResourceOptions
) -> list[pulumi.Resource]:
    """Draw metrics from a function's log, from now on.

    Args:
        namespace: of the pipeline's metrics.
        metrics: which.
        function: whose log.
        name: what the filters' names begin with.
        opts: of each filter.
    """
    return [
        aws.cloudwatch.LogMetricFilter(
            f"{name}-{metric.name}",
            log_group_name=function.log_group.name,
            pattern=metric.lines,
            metric_transformation={"namespace": namespace, "name": metric.name, "value": metric.value},
            opts=opts,
        )
        for metric in metrics
    ]
