"""The list of alarms. Pure: `monitoring` creates them.

docs/operations.md says of each what to do, and why its recovery is, or is not, mailed too.
"""

from collections.abc import Iterator

from infra.configuration.config import Config
from infra.monitoring.alarm import Alarm, of_function
from infra.monitoring.metrics import RECONCILIATIONS

_GIB = 1024**3
_HOUR = 3600
_WAITING_MS = 1 * _HOUR * 1000  # of the six hours after which Lambda gives an event up


def all_alarms(config: Config) -> tuple[Alarm, ...]:
    """Every alarm of a stack with this configuration."""
    return (*_worker(config), *_others(), *_executions(config), *_schedules(config), *_database(config))


def _worker(config: Config) -> Iterator[Alarm]:
    lost = "An event that failed did not reach the dead-letter queue: it is lost, run `pipeline reconcile`"
    dead_letters = "Events are in the dead-letter queue: correct the cause, then run `pipeline redrive`"
    given_up = "All attempts of events failed; they are in the dead-letter queue"
    failed = "An invocation failed; it is retried twice"
    slow = "A file took long, in milliseconds"
    yield of_function("worker", "errors", "Errors", failed, config.alarm_errors)
    yield of_function("worker", "duration", "Duration", slow, config.alarm_duration_ms, statistic="Maximum")
    if config.reserved_concurrency:  # a larger burst waits, but not without limit
        waiting = "A file has waited for an hour, in milliseconds: raise reservedConcurrency"
        yield of_function(
            "worker", "waiting", "AsyncEventAge", waiting, _WAITING_MS, statistic="Maximum", recovery=True
        )
    else:
        yield of_function(
            "worker", "throttles", "Throttles", "The account's concurrency is used up; files wait"
        )
    yield of_function("worker", "dropped", "AsyncEventsDropped", given_up)
    yield of_function("worker", "undelivered", "DestinationDeliveryFailures", lost)
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
    yield of_function("operator", "operator-errors", "Errors", operator)
    yield of_function("migrate", "migrate-errors", "Errors", migrate)


def _executions(config: Config) -> Iterator[Alarm]:
    """None on parts: each is tried again, and one that cannot be read ends its execution."""
    if not config.splits:
        return
    again = "then run `pipeline redrive`: its event is in the dead-letter queue"
    for name, metric, description in (
        ("executions-failed", "ExecutionsFailed", f"A large file was not read: correct the cause, {again}"),
        (
            "executions-timed-out",
            "ExecutionsTimedOut",
            f"A large file took longer than an hour: see which step, {again}",
        ),
        (
            "executions-aborted",
            "ExecutionsAborted",
            f"Somebody stopped the reading of a large file; if it is to be read, {again}",
        ),
    ):
        yield Alarm(
            name=name,
            subject="executions",
            namespace="AWS/States",
            metric=metric,
            statistic="Sum",
            threshold=0,
            description=description,
        )
    failed = "The merge or the end of a large file failed; it is tried again for some ten minutes"
    yield of_function("finish", "finish-errors", "Errors", failed, config.alarm_errors)


def _schedules(config: Config) -> Iterator[Alarm]:
    errors = "A schedule could not call its function, and retries for a day; check its role"
    dropped = (
        "All retries of a schedule's call failed: run `pipeline reconcile`, or rotate the password by hand"
    )
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
