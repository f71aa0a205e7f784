"""Settings -> real clients: the one place where the parts are put together."""

import functools
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from function.aws import clients
from function.aws.delivery import Delivery
from function.aws.secret import Secret
from function.aws.source import S3Source
from function.domain import report
from function.domain.csv_document import Disclosure
from function.domain.instructions import Options
from function.pipeline.ports import FanOut, Split
from function.pipeline.process import Pipeline
from function.postgres.claims import Claims
from function.postgres.database import Database
from function.settings import Settings

if TYPE_CHECKING:
    from botocore.session import Session
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class Application:
    """What the worker's handler calls, and the clients under it, which the operators' function shares."""

    pipeline: Pipeline
    delivery: Delivery
    database: Database
    s3: "S3Client"


def build(settings: Settings, memory_mb: int = 0) -> Application:
    """Make the clients, once for the life of the process. No request is sent yet.

    Args:
        settings: what the deployment says.
        memory_mb: megabytes at which Lambda kills the process; 0 for no limit.

    Raises:
        SettingsError: the SDK lacks its region, or another setting.
    """
    with clients.made() as session:
        s3 = clients.s3(session)
        sns = clients.sns(session)
        vault = clients.secrets_manager(session)
    database = Database(Secret(vault, settings.database_secret_arn).read, settings.database_ca_file)
    delivery = Delivery(s3, sns, settings.topic_arn)
    pipeline = Pipeline(
        source=S3Source(s3, _options(settings), memory_mb * 1024**2 or None),
        claims=Claims(database),
        delivery=delivery,
        destinations=report.Destinations(
            settings.output_bucket, settings.backup_bucket, settings.html_report
        ),
        supersede=timedelta(seconds=settings.supersede_seconds),
        disclosure=Disclosure(settings.excerpts, settings.values),
        split=_split(settings, session, s3),
    )
    return Application(pipeline, delivery, database, s3)


def _options(settings: Settings) -> Options:
    return Options(
        max_rejected=settings.max_rejected_rows,
        max_ragged=settings.max_ragged_rows,
        max_doubts=settings.max_doubts,
        remarks_fail=settings.series_remarks == "fail",
    )


def _split(settings: Settings, session: "Session", s3: "S3Client") -> Split | None:
    """Which files are read in parts. What that needs is loaded with the first of them: they are few."""
    if not (settings.split_megabytes and settings.state_machine_arn):
        return None

    @functools.cache
    def fan_out() -> FanOut:
        from function.aws.fanout.executions import Executions  # noqa: PLC0415
        from function.aws.fanout.work import Work  # noqa: PLC0415

        with clients.made(session):
            client = clients.step_functions(session)
        return Executions(client, settings.state_machine_arn, Work(s3, settings.output_bucket))

    return Split(settings.split_megabytes * 1024**2, settings.part_megabytes, fan_out)
