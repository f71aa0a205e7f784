"""Uploads to an embedded stack, and what became of them."""

import asyncio
import functools
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote_plus

import asyncpg

from function.domain import keys
from function.domain.model import CsvObject, Document
from local.stack import Stack
from tests.support import schema

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

T = TypeVar("T")
GOOD = b"id,name\n1,ann\n2,bob\n"
DOUBTFUL = b"id,name\n" + b"1,ann\n" * 20 + b"id,name\n" + b"2,bob\n" * 20  # its header stands twice

MEGABYTE = 1024**2
IN_PARTS = {"SPLIT_MEGABYTES": "1", "PART_MEGABYTES": "1"}  # of a stack: what is larger than 1 MB is split
_NOTES = ("plain", '"two\nlines"', '"a ""quoted"" word, ünï\r\nand\n\nlines"', "", '"x,y"')


@dataclass(frozen=True, slots=True)
class Traces:
    """Everything that one object version left behind."""

    rows: list[dict[str, Any]]
    results: list[Document]
    backups: list[dict[str, Any]]
    messages: list[dict[str, Any]]

    @property
    def row(self) -> dict[str, Any]:
        assert len(self.rows) == 1
        return self.rows[0]

    @property
    def result(self) -> Document:
        assert len(self.results) == 1
        return self.results[0]

    @property
    def body(self) -> bytes:
        assert len(self.backups) == 1
        body: bytes = self.backups[0]["body"]
        return body

    def assert_exactly_once(self, status: str) -> None:
        """One row, one result, one backup, one notification, all of the same verdict."""
        assert len(self.messages) == 1
        self.assert_accounted_for(status)

    def assert_accounted_for(self, status: str) -> None:
        """One row, one result, one backup, and a notification, which may come twice where something broke."""
        assert (len(self.rows), len(self.results), len(self.backups)) == (1, 1, 1)
        assert self.row["status"] == self.result["status"] == status
        assert self.messages
        assert all(message["attributes"]["status"] == status for message in self.messages)
        assert self.row["result"] == self.result
        assert self.row["finished_at"]
        assert self.row["claimed_until"] is None


@functools.lru_cache(maxsize=4)
def s3(stack: Stack) -> "S3Client":
    """One client for all: to make one takes longer than most requests."""
    return stack.client("s3")


def put(stack: Stack, key: str, body: bytes, bucket: str | None = None, **said: Any) -> CsvObject:
    """Upload, as anybody would; by default into the input bucket. `said`: metadata, tags, ..."""
    bucket = bucket or stack.names.input_bucket
    answer = s3(stack).put_object(Bucket=bucket, Key=key, Body=body, **said)
    return CsvObject(
        bucket, key, answer["VersionId"], answer["ETag"].strip('"'), len(body), datetime.now(UTC)
    )


def event(obj: CsvObject) -> dict[str, Any]:
    """The notification S3 would send of it."""
    return {
        "Records": [
            {
                "eventName": "ObjectCreated:Put",
                "eventTime": obj.uploaded_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "s3": {
                    "bucket": {"name": obj.bucket},
                    "object": {
                        "key": quote_plus(obj.key),
                        "size": obj.size,
                        "eTag": obj.etag,
                        "versionId": obj.version_id,
                    },
                },
            }
        ]
    }


def finished(stack: Stack, obj: CsvObject, seconds: float = 60) -> Traces:
    """Wait for the end of the upload, and of every event under way; then look at everything."""
    until(lambda: any(row["finished_at"] for row in rows(stack, obj)), seconds, f"{obj.key!r} finished")
    stack.settle()
    return traces(stack, obj)


def until(condition: Callable[[], T], seconds: float, what: str) -> T:
    """Wait for the condition, and return its truth."""
    deadline = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.02)


def traces(stack: Stack, obj: CsvObject) -> Traces:
    """Everything that the object version left behind so far; every result is held against the schema."""
    found = rows(stack, obj)
    results, backups = [], []
    for row in found:
        for version in _versions(stack, stack.names.output_bucket, row["result_key"]):
            results.append(json.loads(version["body"]))
            schema.validate(results[-1])
        backups += _versions(stack, stack.names.backup_bucket, row["backup_key"])
    messages = [each for each in stack.messages() if obj.version_id in each["message"]]
    return Traces(found, results, backups, messages)


def page(stack: Stack, result: Document) -> str:
    """The text of report.html; empty if the result has none."""
    if not result["report"]:
        return ""
    place = {"Bucket": result["report"]["bucket"], "Key": result["report"]["key"]}
    return s3(stack).get_object(**place)["Body"].read().decode()


def rows(stack: Stack, obj: CsvObject) -> list[dict[str, Any]]:
    """The rows of the object version: one at most, if all is well."""
    sql = "SELECT to_jsonb(f) AS row FROM file_metadata f WHERE bucket = $1 AND filename = $2 AND version_id = $3"
    identity = (obj.bucket, keys.storable(obj.key), obj.version_id)
    return [json.loads(row["row"]) for row in query(stack, sql, *identity)]


def query(stack: Stack, sql: str, *arguments: object) -> list[asyncpg.Record]:
    """Ask the stack's database."""

    async def ask() -> list[asyncpg.Record]:
        connection = await asyncpg.connect(stack.postgres.dsn)
        try:
            return await connection.fetch(sql, *arguments)
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as aside:  # a test may have a loop of its own
        return aside.submit(lambda: asyncio.run(ask())).result()


def _versions(stack: Stack, bucket: str, key: str | None) -> list[dict[str, Any]]:
    if key is None:
        return []
    client = s3(stack)
    found = client.list_object_versions(Bucket=bucket, Prefix=key).get("Versions", [])
    return [
        {
            "key": key,
            "body": client.get_object(Bucket=bucket, Key=key, VersionId=each["VersionId"])["Body"].read(),
        }
        for each in found
        if each["Key"] == key
    ]


def large_table(megabytes: float) -> bytes:
    """A table of at least so many megabytes, with line ends, delimiters and quotes within its quotes."""
    rows, size = ["id,day,amount,note\n"], 0
    while size < megabytes * MEGABYTE:
        number = len(rows)
        note = _NOTES[number * number % 7 % len(_NOTES)]
        rows.append(f"{number},2025-0{number % 9 + 1}-1{number % 10},{number % 977 / 100:.2f},{note}\n")
        size += len(rows[-1])
    return "".join(rows).encode()
