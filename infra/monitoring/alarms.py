"""What is worth waking somebody for. Pure: the list of the alarms, without making them.

docs/operations.md says of each what to do, and why its recovery is, or is not, mailed too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from infra.configuration.config import Config
from infra.monitoring.metrics import RECONCILIATIONS

_GIB = 1024**3
_HOUR = 3600
_RUNBOOK = {
    "worker": "the-workers-alarms",
    "queue": "the-dead-letter-queues-alarm",
    "operator": "alarms-of-operations-and-schedules",
    "migrate": "alarms-of-operations-and-schedules",
    "schedules": "alarms-of-operations-and-schedules",
    "pipeline": "alarms-of-operations-and-schedules",
    "database": "the-databases-alarms",
}
"""The section of docs/operations.md for each subject, as its heading's anchor."""
_WAITING_MS = 1 * _HOUR * 1000  # of the six hours after which Lambda gives an event up


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One alarm: `statistic` of `metric` over each `period` is above (or below) a threshold.

    Attributes:
        subject: whose metric it is: worker, operator, migrate, queue, schedules, database or pipeline.
        namespace: the metric's; empty for the pipeline's own.
        description: what it means and what to do, in a sentence without its full stop.
        period: seconds.
        periods: how many in a row. From one hour a period on, all of them may be seven days, else one
            ("PutMetricAlarm", CloudWatch API reference).
        threshold: in the metric's own unit.
        silence: whether no data at all is trouble, too.
        recovery: whether its end is news: it ends by itself, and somebody waits for that.
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
        """The description with where to read on, for whoever gets the mail."""
        return f"{self.description}. What to do: docs/operations.md#{_RUNBOOK[self.subject]}"


def all_alarms(config: Config) -> tuple[Alarm, ...]:
    """Every alarm of a stack with this configuration."""
    return (*_worker(config), *_others(), *_schedules(config), *_database(config))


def _worker(config: Config) -> Iterator[Alarm]:
    lost = "An event that failed did not reach the dead-letter queue: it is lost, run `pipeline reconcile`"
    dead_letters = (
        "Events failed for good and wait in the dead-letter queue: correct the cause, run `pipeline redrive`"
    )
    given_up = "Events were given up; the dead-letter queue has them"
    failed = "An invocation failed; it is tried twice more"
    slow = "A file took long, in milliseconds"
    yield _lambda("worker", "errors", "Errors", failed, config.alarm_errors)
    yield _lambda("worker", "duration", "Duration", slow, config.alarm_duration_ms, statistic="Maximum")
    if config.reserved_concurrency:  # a burst beyond it waits by choice, but not for ever
        waiting = "A file has waited for an hour, in milliseconds: raise reservedConcurrency"
        yield _lambda(
            "worker", "waiting", "AsyncEventAge", waiting, _WAITING_MS, statistic="Maximum", recovery=True
        )
    else:
        yield _lambda("worker", "throttles", "Throttles", "The account's concurrency is used up; files wait")
    yield _lambda("worker", "dropped", "AsyncEventsDropped", given_up)
    yield _lambda("worker", "undelivered", "DestinationDeliveryFailures", lost)
    yield Alarm(
        name="dead-letters",
        subject="queue",
        namespace="AWS/SQS",
        metric="ApproximateNumberOfMessagesVisible",
        statistic="Maximum",
        threshold=0,
        description=dead_letters,
    )


def _others() -> Iterator[Alarm]:
    operator = "An operation failed, or a scheduled reconciliation could not finish a file; see its log"
    migrate = "A migration, or the rotation of the password, failed; the former password still works"
    yield _lambda("operator", "operator-errors", "Errors", operator)
    yield _lambda("migrate", "migrate-errors", "Errors", migrate)


def _schedules(config: Config) -> Iterator[Alarm]:
    errors = "A schedule could not call its function, and tries again for a day; look at its role"
    dropped = "A schedule has given a call up: run `pipeline reconcile`, or rotate the password by hand"
    if not (config.reconcile_schedule or config.rotation_days):
        return
    for name, metric, description in (
        ("schedule-errors", "TargetErrorCount", errors),
        ("schedule-dropped", "InvocationDroppedCount", dropped),
    ):
        yield Alarm(
            name=name,
            subject="schedules",
            namespace="AWS/Scheduler",
            metric=metric,
            statistic="Sum",
            threshold=0,
            description=description,
        )
    if config.reconcile_schedule and config.alarm_reconcile_hours:
        yield Alarm(
            name="reconcile-silent",
            subject="pipeline",
            namespace="",
            metric=RECONCILIATIONS,
            statistic="Sum",
            threshold=1,
            description=f"No scheduled reconciliation has reported for {config.alarm_reconcile_hours} hours",
            period=_HOUR,
            periods=config.alarm_reconcile_hours,
            below=True,
            silence=True,
            recovery=True,
        )


def _database(config: Config) -> Iterator[Alarm]:
    busy = "The database has been busy for a quarter of an hour"
    full = "The database's disk is nearly full, in bytes, and has not grown by itself"
    most, least = config.alarm_database_connections, config.database_storage * _GIB / 20
    yield _rds("connections", "DatabaseConnections", "Maximum", most, "Many database connections")
    yield _rds("cpu", "CPUUtilization", "Average", 80, busy)
    yield _rds("storage", "FreeStorageSpace", "Minimum", least, full, below=True)
    if config.is_burstable:
        yield Alarm(
            name="database-credits",
            subject="database",
            namespace="AWS/RDS",
            metric="CPUSurplusCreditsCharged",
            statistic="Maximum",
            threshold=0,
            description="The database is above its baseline, which is charged: take a larger class",
            period=_HOUR,
        )


def _lambda(
    subject: str, name: str, metric: str, description: str, threshold: float = 0, **more: Any
) -> Alarm:
    return Alarm(
        name=name,
        subject=subject,
        namespace="AWS/Lambda",
        metric=metric,
        threshold=threshold,
        description=description,
        **{"statistic": "Sum", **more},
    )


def _rds(
    name: str, metric: str, statistic: str, threshold: float, description: str, *, below: bool = False
) -> Alarm:
    return Alarm(
        name=f"database-{name}",
        subject="database",
        namespace="AWS/RDS",
        metric=metric,
        statistic=statistic,
        threshold=threshold,
        description=description,
        period=300,
        periods=3,
        below=below,
        recovery=True,
    )
