"""What an alarm is. Pure."""

from dataclasses import dataclass
from typing import Any

_RUNBOOK = {
    "worker": "the-workers-alarms",
    "queue": "the-dead-letter-queues-alarm",
    "executions": "the-alarms-of-large-files",
    "finish": "the-alarms-of-large-files",
    "operator": "alarms-of-operations-and-schedules",
    "migrate": "alarms-of-operations-and-schedules",
    "schedules": "alarms-of-operations-and-schedules",
    "pipeline": "alarms-of-operations-and-schedules",
    "database": "the-databases-alarms",
}
"""The section of docs/operations.md for each subject, as its heading's anchor."""


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One alarm: `statistic` of `metric` over each `period` is above (or below) a threshold.

    Attributes:
        subject: the owner of the metric: one of the keys of `_RUNBOOK`.
        namespace: the metric's; empty for the pipeline's own.
        description: what it means and what to do, in a sentence without its full stop.
        period: seconds.
        periods: how many in a row. From one hour a period on, all of them may be seven days, else one
            ("PutMetricAlarm", CloudWatch API reference).
        threshold: in the metric's own unit.
        silence: whether missing data raises the alarm.
        recovery: whether its end is mailed: it ends by itself, and somebody waits for that.
    """

    name: str
    subject: str
    namespace: str
    metric: str
    statistic: str
    threshold: float
    description: str
    period: int = 60
    periods: int = 1
    below: bool = False
    silence: bool = False
    recovery: bool = False

    @property
    def mail(self) -> str:
        """The description and a link to the documentation, for the mail."""
        return f"{self.description}. What to do: docs/operations.md#{_RUNBOOK[self.subject]}"


def of_function(
    subject: str, name: str, metric: str, description: str, threshold: float = 0, **more: Any
) -> Alarm:
    """An alarm on a metric of Lambda, by default on its sum over a minute."""
    return Alarm(
        name=name,
        subject=subject,
        namespace="AWS/Lambda",
        metric=metric,
        threshold=threshold,
        description=description,
        **{"statistic": "Sum", **more},
    )
