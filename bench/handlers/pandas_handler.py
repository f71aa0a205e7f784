"""A decent handler of boto3, pandas and psycopg2: clients and connection are made once, and kept.

It has no ledger, no profile and no defence against repeated events; it does the same job otherwise.
"""

import json
import os
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

import boto3
import pandas as pd
import psycopg2

s3 = boto3.client("s3")
sns = boto3.client("sns")
_vault = boto3.client("secretsmanager")


def _connect() -> Any:
    text = _vault.get_secret_value(SecretId=os.environ["DATABASE_SECRET_ARN"])["SecretString"]
    secret = json.loads(text)
    connection = psycopg2.connect(
        host=secret["host"],
        port=secret["port"],
        dbname=secret["dbname"],
        user=secret["username"],
        password=secret["password"],
        sslmode="verify-full",
        sslrootcert=os.environ["DATABASE_CA_FILE"],
    )
    connection.autocommit = True  # or each statement would bring a BEGIN and a COMMIT
    return connection


database = _connect()


def handler(event: dict[str, Any], _: object) -> list[dict[str, Any]]:
    """Count the rows of every upload, keep a copy of it, and tell of it."""
    return [_process(record["s3"]) for record in event["Records"]]


def _process(uploaded: dict[str, Any]) -> dict[str, Any]:
    bucket, key = uploaded["bucket"]["name"], unquote_plus(uploaded["object"]["key"])
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rival_metadata (filename, status, timestamp) VALUES (%s, 'processing', now()) RETURNING id",
            (key,),
        )
        row = cursor.fetchone()[0]
    frame = pd.read_csv(s3.get_object(Bucket=bucket, Key=key)["Body"])
    result = {"filename": key, "rows": len(frame), "columns": list(frame.columns), "status": "succeeded"}
    stamped = f"{datetime.now(UTC):%Y-%m-%d_%H-%M-%S}_{key}"
    s3.put_object(
        Bucket=os.environ["OUTPUT_BUCKET"], Key=f"results/{stamped}/result.json", Body=json.dumps(result)
    )
    s3.copy_object(
        Bucket=os.environ["BACKUP_BUCKET"],
        Key=f"backup/{stamped}",
        CopySource={"Bucket": bucket, "Key": key},
    )
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Subject=f"{key} succeeded", Message=json.dumps(result))
    with database.cursor() as cursor:
        cursor.execute(
            "UPDATE rival_metadata SET status = 'succeeded', timestamp = now() WHERE id = %s", (row,)
        )
    return result
