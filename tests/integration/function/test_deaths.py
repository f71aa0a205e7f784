"""A worker that dies in every delivery: how many messages that can make."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import pytest

from function.aws.delivery import Delivery
from function.aws.inventory import Inventory
from function.aws.source import S3Source
from function.domain.model import Deadline, Effect
from function.domain.report import Destinations
from function.pipeline.process import Pipeline
from function.pipeline.reconcile import Passes, Request
from function.pipeline.reconcile.passes import MOST_ATTEMPTS
from function.postgres.claims import Claims
from function.postgres.database import Database
from function.postgres.register import Register
from local.stack import Stack
from tests.support import uploads

pytestmark = pytest.mark.anyio
NEVER = Deadline(float("inf"))


class Death(BaseException):
    """The process is gone."""


@dataclass
class Deadly:
    """SNS takes the message; the worker dies before it hears of it."""

    sns: Any

    def publish(self, **message: Any) -> None:
        self.sns.publish(**message)
        raise Death


async def test_a_worker_that_dies_in_every_delivery_sends_one_message_for_each_attempt_and_no_more(
    stack: Stack, database: Database
) -> None:
    bucket, s3 = f"deaths-{uuid.uuid4()}", stack.client("s3")
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    obj = uploads.put(stack, "deadly.csv", b"a\n1\n", bucket)
    names, register = stack.names, Register(database)
    to = Destinations(names.output_bucket, names.backup_bucket)
    deadly = Delivery(s3, cast("Any", Deadly(stack.client("sns"))), names.topic_arn)
    line = Pipeline(S3Source(s3), Claims(database), deadly, to)

    async def process(upload: Any, deadline: Deadline, owner: str = "reconciliation") -> Any:
        uploads.query(stack, "UPDATE file_metadata SET claimed_until = NULL WHERE bucket = $1", bucket)
        return await line.process(upload, owner, deadline)

    for _ in range(3):  # Lambda's attempts
        with pytest.raises(Death):
            await process(obj, NEVER, "event")
    stuck = 0
    for _ in range(5):  # more runs of the schedule than are needed
        uploads.query(stack, "UPDATE file_metadata SET claimed_until = NULL WHERE bucket = $1", bucket)
        places = {Effect.RESULT: (to.output_bucket, "none/"), Effect.BACKUP: (to.backup_bucket, "none/")}
        request = Request(bucket, grace=timedelta(0), position={"pass": "unfinished", "after": None})
        passes = Passes(Inventory(s3), register, places, process, line.progress, request, NEVER)
        try:
            await passes._unfinished(None)
        except Death:
            continue
        stuck += passes.findings.stuck
    (row,) = uploads.rows(stack, obj)
    messages = [each for each in stack.messages() if obj.version_id in each["message"]]
    assert len(messages) == row["attempts"] == MOST_ATTEMPTS
    assert stuck == 2
    assert {each["attributes"]["status"] for each in messages} == {row["status"]}
