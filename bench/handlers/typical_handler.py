"""A typical handler of Powertools, pydantic-settings, polars and asyncpg, as tutorials put them together.

A new event loop, and so a new connection, for every event; the three effects at the same time.
"""

import asyncio
import io
import json
import ssl
from datetime import UTC, datetime
from typing import Any

import asyncpg
import boto3
import polars as pl
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.data_classes import S3Event, event_source
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """Read from the environment."""

    output_bucket: str
    backup_bucket: str
    topic_arn: str
    database_secret_arn: str
    database_ca_file: str


settings = Settings()
logger = Logger(service="csv")
metrics = Metrics(namespace="csv", service="csv")
s3 = boto3.client("s3")
sns = boto3.client("sns")
tls = ssl.create_default_context(cafile=settings.database_ca_file)


@logger.inject_lambda_context
@metrics.log_metrics
@event_source(data_class=S3Event)
def handler(event: S3Event, _: object) -> list[dict[str, Any]]:
    """Count the rows of every upload, keep a copy of it, and tell of it."""
    return asyncio.run(_process_all(event))


async def _process_all(event: S3Event) -> list[dict[str, Any]]:
    secret = parameters.get_secret(settings.database_secret_arn, transform="json", max_age=300)
    connection = await asyncpg.connect(
        host=secret["host"],
        port=secret["port"],
        database=secret["dbname"],
        user=secret["username"],
        password=secret["password"],
        ssl=tls,
    )
    try:
        return [await _process(connection, event.bucket_name, event.object_key) for _ in event.records]
    finally:
        await connection.close()


async def _process(connection: Any, bucket: str, key: str) -> dict[str, Any]:
    row = await connection.fetchval(
        "INSERT INTO rival_metadata (filename, status, timestamp) VALUES ($1, 'processing', now()) RETURNING id",
        key,
    )
    frame = await asyncio.to_thread(_read, bucket, key)
    result = {"filename": key, "rows": frame.height, "columns": frame.columns, "status": "succeeded"}
    await asyncio.gather(
        *(asyncio.to_thread(effect, bucket, key, result) for effect in (_write, _copy, _publish))
    )
    await connection.execute(
        "UPDATE rival_metadata SET status = 'succeeded', timestamp = now() WHERE id = $1", row
    )
    metrics.add_metric(name="Files", unit=MetricUnit.Count, value=1)
    logger.info("processed", extra={"key": key, "rows": frame.height})
    return result


def _read(bucket: str, key: str) -> pl.DataFrame:
    return pl.read_csv(io.BytesIO(s3.get_object(Bucket=bucket, Key=key)["Body"].read()))


def _stamped(key: str) -> str:
    return f"{datetime.now(UTC):%Y-%m-%d_%H-%M-%S}_{key}"


def _write(_: str, key: str, result: dict[str, Any]) -> None:
    name = f"results/{_stamped(key)}/result.json"
    s3.put_object(Bucket=settings.output_bucket, Key=name, Body=json.dumps(result).encode())


def _copy(bucket: str, key: str, _: dict[str, Any]) -> None:
    s3.copy({"Bucket": bucket, "Key": key}, settings.backup_bucket, f"backup/{_stamped(key)}")


def _publish(_: str, key: str, result: dict[str, Any]) -> None:
    sns.publish(TopicArn=settings.topic_arn, Subject=f"{key} succeeded", Message=json.dumps(result))
