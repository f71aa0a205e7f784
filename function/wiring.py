"""Settings -> real clients: the one place where the parts are put together."""

import boto3

from function import aws, report
from function.database import Database
from function.delivery import Delivery
from function.errors import TransientError
from function.pipeline import Pipeline
from function.settings import Settings
from function.source import S3Source
from function.store import Store


def build(settings: Settings) -> Pipeline:
    """Make the clients, once for the life of the process. No request is sent yet."""
    session = boto3.session.Session()
    s3 = session.client("s3", config=aws.CLIENT)
    sns = session.client("sns", config=aws.CLIENT)
    vault = session.client("secretsmanager", config=aws.CLIENT)

    def read_secret() -> str:
        try:
            return vault.get_secret_value(SecretId=settings.database_secret_arn)["SecretString"]
        except aws.ServiceError as error:
            raise TransientError(f"secret {settings.database_secret_arn}: {error}") from error

    return Pipeline(
        source=S3Source(s3),
        ledger=Store(Database(read_secret, settings.database_ca_file)),
        delivery=Delivery(s3, sns, settings.topic_arn),
        destinations=report.Destinations(settings.output_bucket, settings.backup_bucket),
    )
