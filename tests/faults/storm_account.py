"""The account of a storm: what became of each upload."""

import json
from collections import Counter
from dataclasses import dataclass, fields
from typing import Any

from function.domain.model import CsvObject
from local.stack import Stack
from tests.faults.harness.faulty_stack import BUCKET
from tests.support import uploads


@dataclass(frozen=True, slots=True)
class Sent:
    """An upload, and what must come of it; `rows` of a bad file are None."""

    obj: CsvObject
    rows: int | None


@dataclass(slots=True)
class Figures:
    """What happened, and what became of it. The last block is what has to be 0."""

    uploads: int = 0
    events: int = 0
    invocations: int = 0
    workers_killed: int = 0
    postgres_restarts: int = 0
    requests_throttled: int = 0
    events_redriven: int = 0
    seconds: float = 0.0
    files_per_second: float = 0.0
    right: int = 0
    messages_sent_twice: int = 0
    lost: int = 0
    doubled: int = 0
    wrong: int = 0
    left_to_reconcile: int = 0

    def __str__(self) -> str:
        width = max(len(field.name) for field in fields(self))
        return "\n".join(
            f"{field.name.replace('_', ' '):<{width}} {getattr(self, field.name):>12,.10g}"
            for field in fields(self)
        )


def take_stock(stack: Stack, sent: list[Sent], figures: Figures) -> None:
    """Hold every upload against table, buckets and inbox."""
    sql = "SELECT version_id, to_jsonb(f)::text AS row FROM file_metadata f"
    rows = {row["version_id"]: json.loads(row["row"]) for row in uploads.query(stack, sql)}
    results, backups = (
        _versions(stack, bucket) for bucket in (stack.names.output_bucket, stack.names.backup_bucket)
    )
    told: dict[str, list[str]] = {each.obj.version_id: [] for each in sent}
    for message in stack.messages():
        told[_field(message["message"], "Version")].append(message["attributes"]["status"])
    for each in sent:
        row, messages = rows.get(each.obj.version_id), told[each.obj.version_id]
        if row is None or not row["finished_at"] or not messages:
            figures.lost += 1
        elif [len(results[row["result_key"]]), len(backups[row["backup_key"]])] != [1, 1]:
            figures.doubled += 1
        elif not _right(stack, each, row, messages) or backups[row["backup_key"]] != [each.obj.etag]:
            figures.wrong += 1
        else:
            figures.right += 1
            figures.messages_sent_twice += len(messages) > 1
    figures.doubled += len(rows) - len(sent) + sum(map(len, results.values())) - len(sent)
    figures.left_to_reconcile = _left(stack)


def _right(stack: Stack, sent: Sent, row: dict[str, Any], messages: list[str]) -> bool:
    """Whether row, result and messages say what must be said of the upload."""
    status = "succeeded" if sent.rows is not None else "failed"
    if sent.rows is not None and row["row_count"] != sent.rows:
        return False
    answer = uploads.s3(stack).get_object(Bucket=stack.names.output_bucket, Key=row["result_key"])
    same: bool = json.loads(answer["Body"].read()) == row["result"]
    return same and {row["status"], *messages} == {status}


def _versions(stack: Stack, bucket: str) -> dict[str, list[str]]:
    """The entity tags of all versions of each key; pages, which a retry may write again, are left out."""
    found: dict[str, list[str]] = {}
    for page in uploads.s3(stack).get_paginator("list_object_versions").paginate(Bucket=bucket):
        for version in (
            each for each in page.get("Versions", []) if not each["Key"].endswith("/report.html")
        ):
            found.setdefault(version["Key"], []).append(version["ETag"].strip('"'))
    return found


def _field(text: str, name: str) -> str:
    (line,) = [line for line in text.splitlines() if line.startswith(f"{name} ")]
    return line.split()[1]


def _left(stack: Stack) -> int:
    """What reconciliation still finds: it must be nothing."""
    found: Counter[str] = Counter()
    position = None
    while True:
        words = {"bucket": BUCKET, "grace_seconds": 0, "dry_run": True, "position": position}
        answer = stack.operate({"operation": "reconcile", **words})
        if answer.failed:
            raise AssertionError(answer.payload)
        troubles = ("without_row", "unfinished", "missing_results", "missing_backups", "orphans", "stuck")
        found.update({name: answer.payload[name] for name in troubles})
        if not (position := answer.payload["position"]):
            return found.total()
