"""The steps of a smoke test on a deployed stack, each a function; `FAULTS` is all that they raise."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError, ClientError

from function.domain.keys import report_key_beside
from ops.deployed.deployment import AwsError, Deployment, DeploymentError
from ops.smoke import checks
from ops.smoke.checks import Row, Stored
from ops.smoke.sample import Sample, sample

_POLL_SECONDS = 1.0
_TELL_SECONDS = 15.0
# "Invoke", AWS Lambda API reference: bad request or credentials, no leave, no such function. Others pass:
# 409 of a function that is made ready again, 429 of too many calls at once, 5xx.
_FINAL = {400, 401, 403, 404}


class StepError(Exception):
    """What a step found wrong."""


FAULTS = (StepError, DeploymentError, *AwsError)


@dataclass(frozen=True, slots=True)
class Sent:
    """The file as it was uploaded."""

    bucket: str
    sample: Sample
    version_id: str
    stored: Stored

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.sample.key}, version {self.version_id}"


def upload(deployment: Deployment) -> Sent:
    """Put a new file into the input bucket."""
    bucket = deployment.names.input_bucket
    made = sample(datetime.now(UTC), secrets.token_hex(4), deployment.key_filters())
    answer = deployment.session.client("s3").put_object(
        Bucket=bucket, Key=made.key, Body=made.content, ContentType="text/csv"
    )
    stored = Stored(made.content, answer["ETag"].strip('"'), answer.get("ServerSideEncryption", "AES256"))
    return Sent(bucket, made, answer.get("VersionId", "null"), stored)


def wait(deployment: Deployment, sent: Sent, timeout: float, say: Callable[[str], None]) -> Row:
    """The row once it is finished; at the time-out also one that has its verdict and lacks an effect.

    Args:
        deployment: the stack.
        sent: whose row it is.
        timeout: seconds.
        say: told what is known, each time that it changes, and every so often.
    """
    deadline, told, when = time.monotonic() + timeout, "", 0.0
    while True:
        row, known = _look(deployment, sent)
        if row and (row["finished_at"] or (time.monotonic() > deadline and row["status"] != "processing")):
            return row
        if time.monotonic() > deadline:
            raise StepError(f"none within {timeout:g} s: {known}")
        if known != told or time.monotonic() > when + _TELL_SECONDS:
            say(known)
            told, when = known, time.monotonic()
        time.sleep(_POLL_SECONDS)


def _look(deployment: Deployment, sent: Sent) -> tuple[Row | None, str]:
    """The row of the version, if there is one, and what is known in words."""
    try:
        rows = deployment.ask("history", prefix=sent.sample.key)["rows"]
    except (*AwsError, DeploymentError) as error:
        if _is_final(error):
            raise
        return None, f"the table cannot be read: {error}"
    for row in rows:
        if row["version_id"] == sent.version_id:
            lacking = "no verdict yet" if row["status"] == "processing" else f"{row['status']}, not delivered"
            return row, f"{lacking}, attempt {row['attempts']}"
    return None, "no row yet: no event of the upload has reached the function"


def _is_final(error: DeploymentError | BotoCoreError | ClientError) -> bool:
    """Whether asking again is of no use, because AWS refuses the call itself."""
    return isinstance(error, ClientError) and error.response["ResponseMetadata"]["HTTPStatusCode"] in _FINAL


def check_row(sent: Sent, row: Row) -> str:
    """Look at status, count and notification."""
    _raise(checks.row_fault(row, sent.sample))
    return f"{row['row_count']} rows, notified at {row['notified_at']}"


def check_result(deployment: Deployment, sent: Sent, row: Row) -> str:
    """Look at result.json, where the row says that it is."""
    bucket, key = deployment.names.output_bucket, _written(row, "result_key")
    _raise(checks.result_fault(_get(deployment, bucket, key).content, row, sent.sample))
    return f"s3://{bucket}/{key}"


def check_backup(deployment: Deployment, sent: Sent, row: Row) -> str:
    """Look at the backup, where the row says that it is."""
    bucket, key = deployment.names.backup_bucket, _written(row, "backup_key")
    _raise(checks.backup_fault(_get(deployment, bucket, key), sent.stored))
    return f"s3://{bucket}/{key}"


def clean_up(deployment: Deployment, sent: Sent, row: Row) -> str:
    """Remove the objects with all their versions, then the row: without it they would be nobody's."""
    names = deployment.names
    made = (
        (names.input_bucket, sent.sample.key),
        (names.output_bucket, row["result_key"]),
        (names.output_bucket, row["result_key"] and report_key_beside(row["result_key"])),
        (names.backup_bucket, row["backup_key"]),
    )
    kept = [stays for bucket, key in made if key and (stays := _remove(deployment, bucket, key))]
    _raise("; ".join([*kept, "so the row stays, too"]) if kept else None)
    deployment.ask("forget", key=sent.sample.key)
    return "upload, result.json, backup and row are removed"


def _remove(deployment: Deployment, bucket: str, key: str) -> str | None:
    """Remove every version of one object; if AWS keeps one, what it says."""
    s3 = deployment.session.client("s3")
    try:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
            for each in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                if each["Key"] == key:
                    s3.delete_object(Bucket=bucket, Key=key, VersionId=each["VersionId"])
    except AwsError as error:
        if "protected by object lock" in str(error):  # a backup under objectLockDays, which nobody deletes
            return None
        return f"s3://{bucket}/{key} stays: {error}"
    return None


def _written(row: Row, column: str) -> str:
    _raise(None if row[column] else f"the row's {column} is empty: it was not written")
    return str(row[column])


def _get(deployment: Deployment, bucket: str, key: str) -> Stored:
    try:
        answer = deployment.session.client("s3").get_object(Bucket=bucket, Key=key)
        content = answer["Body"].read()
    except AwsError as error:
        raise StepError(f"s3://{bucket}/{key}: {error}") from error
    return Stored(content, answer["ETag"].strip('"'), answer.get("ServerSideEncryption", "AES256"))


def _raise(fault: str | None) -> None:
    if fault:
        raise StepError(fault)
