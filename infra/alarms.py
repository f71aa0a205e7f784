"""What is worth waking somebody for. Pure: the list of the alarms, without making them."""

from dataclasses import dataclass

_GIB = 1024**3


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One alarm: `statistic` of `metric` over each `period` is above (or below) a threshold.

    Attributes:
        subject: whose metric it is: worker, queue or database.
        description: what it means and what to do, for whoever gets the mail.
        period: seconds.
        periods: how many in a row.
        threshold: in the metric's own unit.
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


def all_alarms(*, errors: int, duration_ms: int, connections: int, storage_gib: int) -> tuple[Alarm, ...]:
    """Every alarm of the stack.

    Args:
        errors: failed invocations per minute that are still fine.
        duration_ms: the longest an invocation may take, in milliseconds.
        connections: database connections that are still fine.
        storage_gib: what the database started with; a twentieth of it free means that growth failed.
    """
    lost = "An event that failed did not reach the dead-letter queue: it is lost, run `pipeline reconcile`"
    letters = (
        "Events failed for good and wait in the dead-letter queue: mend the cause, run `pipeline redrive`"
    )
    full = "The database's disk is nearly full, in bytes, and has not grown by itself"
    return (
        _worker("errors", "Errors", "Sum", errors, "An invocation failed; it is tried twice more"),
        _worker("duration", "Duration", "Maximum", duration_ms, "An invocation took long, in milliseconds"),
        _worker("throttles", "Throttles", "Sum", 0, "Invocations wait for free concurrency"),
        _worker(
            "dropped", "AsyncEventsDropped", "Sum", 0, "Events were given up; the dead-letter queue has them"
        ),
        _worker("undelivered", "DestinationDeliveryFailures", "Sum", 0, lost),
        Alarm(
            name="dead-letters",
            subject="queue",
            namespace="AWS/SQS",
            metric="ApproximateNumberOfMessagesVisible",
            statistic="Maximum",
            threshold=0,
            description=letters,
        ),
        _database("connections", "DatabaseConnections", "Maximum", connections, "Many database connections"),
        _database(
            "cpu", "CPUUtilization", "Average", 80, "The database has been busy for a quarter of an hour"
        ),
        _database("storage", "FreeStorageSpace", "Minimum", storage_gib * _GIB / 20, full, below=True),
    )


def _worker(name: str, metric: str, statistic: str, threshold: float, description: str) -> Alarm:
    return Alarm(
        name=name,
        subject="worker",
        namespace="AWS/Lambda",
        metric=metric,
        statistic=statistic,
        threshold=threshold,
        description=description,
    )


def _database(
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
    )
