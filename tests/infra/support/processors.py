"""The functions that process files: their own code, as their role, does all that it is there for."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from function import wiring
from function.domain import report
from function.domain.keys import stamped_name
from function.domain.model import CsvObject, Deadline, Upload
from function.operator_handler import compose
from function.settings import Settings
from tests.infra.fanout.starting import starts_an_execution
from tests.infra.support.iam import BUCKETS, Cloud, Document, as_strict_as_s3, environment
from tests.infra.support.program import Program
from tests.support.administrator import admin
from tests.support.examples import CLAIM, SCAN, TIMING

TIME = datetime(2025, 9, 2, 14, 30, tzinfo=UTC)
INPUT, OUTPUT, BACKUP = BUCKETS
MEGABYTE = 1024**2


async def _forget(world: Cloud) -> None:
    async with admin(world.postgres) as connection:
        await connection.execute("TRUNCATE file_metadata")


class Processor:
    """The code of a function that processes files, with its environment, as its role."""

    name = ""

    def __init__(self, world: Cloud, program: Program, document: Document, monkeypatch: pytest.MonkeyPatch):
        world.empty()
        asyncio.run(_forget(world))
        self._root, self._role = world.client("s3"), world.role([document])
        self._world = world
        for name, value in world.environment(self._role).items():
            monkeypatch.setenv(name, value)
        variables = environment(program, self.name) | {"DATABASE_CA_FILE": str(world.postgres.ca_file)}
        secret = world.real_arns[variables["DATABASE_SECRET_ARN"]]
        application: Any = wiring.build(Settings.from_env(variables | {"DATABASE_SECRET_ARN": secret}))
        pipeline = application.pipeline
        self._operations = compose(application)
        self._to = pipeline.destinations
        self._source = pipeline.source
        self._delivery = pipeline.delivery
        self._claims = pipeline.claims
        self._split = pipeline.split
        as_strict_as_s3(self._source._s3, document)
        self._queue = program.one("FunctionEventInvokeConfig")["destinationConfig"]["onFailure"][
            "destination"
        ]

    def put(self, size: int = 8) -> CsvObject:
        """A new tagged object in the input bucket."""
        key = f"{time.monotonic_ns()}.csv"
        body = (b"a,b\n1,2\n" + b"3,4\n" * (size // 4))[:size]
        version = self._root.put_object(
            Bucket=INPUT, Key=key, Body=body, Tagging="team=data", ContentType="text/csv"
        )
        return CsvObject(INPUT, key, version["VersionId"], version["ETag"].strip('"'), size, TIME)

    def finds_the_version(self) -> None:
        obj = self.put()
        upload = Upload(INPUT, obj.key, None, obj.etag, obj.size, TIME)
        assert asyncio.run(self._source.pin(upload)).version_id == obj.version_id

    def finds_the_version_where_head_says_nothing(self) -> None:
        """As of an object under its uploader's own key: HEAD answers 400, and has no body to say why."""
        obj, events = self.put(), self._source._s3.meta.events

        def mute(http_response: Any, parsed: dict[str, Any], **_: Any) -> None:
            http_response.status_code = 400
            parsed["Error"] = {"Code": "400", "Message": "Bad Request"}

        events.register("after-call.s3.HeadObject", mute)
        upload = Upload(INPUT, obj.key, None, obj.etag, obj.size, TIME)
        try:
            assert asyncio.run(self._source.pin(upload)).version_id == obj.version_id
        finally:
            events.unregister("after-call.s3.HeadObject", mute)

    def finds_that_an_object_is_gone(self) -> None:
        upload = Upload(INPUT, "gone.csv", None, "e", 1, TIME)
        assert asyncio.run(self._source.pin(upload)).version_id == "null"

    def reads_a_version(self) -> None:
        async def read() -> Any:
            return await self._source.open(self.put()).scan(Deadline(time.monotonic() + 60))

        assert asyncio.run(read()).profile.rows == 1

    def delivers(self) -> None:
        self._deliver(self.put())

    def delivers_in_parts_and_again(self) -> None:
        self._delivery._single_copy_bytes = 5 * MEGABYTE
        obj = self.put(6 * MEGABYTE)
        self._deliver(obj, attempts=2)  # looks for what an earlier attempt may have left
        self._deliver(obj, attempts=3)

    def tidies_up_a_copy_that_breaks_off(self) -> None:
        self._delivery._single_copy_bytes = 5 * MEGABYTE
        obj = self.put(6 * MEGABYTE)

        def gone(**_: object) -> None:
            self._root.delete_object(Bucket=INPUT, Key=obj.key, VersionId=obj.version_id)

        events = self._source._s3.meta.events
        events.register("before-call.s3.UploadPartCopy", gone)
        with contextlib.suppress(AssertionError):
            self._deliver(obj)
        events.unregister("before-call.s3.UploadPartCopy", gone)
        assert not self._root.list_multipart_uploads(Bucket=BACKUP).get("Uploads")

    def reads_the_secret(self) -> None:
        database = self._claims._database

        async def ask() -> Any:
            try:
                return await database.row("SELECT 1 AS one")
            finally:
                await database.close()

        assert asyncio.run(ask())["one"] == 1

    def _deliver(self, obj: CsvObject, attempts: int = 1) -> None:
        """As the pipeline does, under the names that the function itself gives."""
        to = replace(self._to, html_report=report.HtmlReport.ALWAYS)
        result = report.document(obj, SCAN, stamped_name(obj.key, obj.uploaded_at), to, TIMING)
        receipt = asyncio.run(self._delivery.deliver(replace(CLAIM, attempts=attempts), obj, result))
        assert not receipt.faults, receipt.faults

    def does_everything(self) -> None:
        for deed in self.deeds():
            deed()

    def deeds(self) -> list[Callable[[], None]]:
        starts = [lambda: starts_an_execution(self._split, self.put())] if self._split else []
        return [
            *starts,
            self.finds_the_version,
            self.finds_the_version_where_head_says_nothing,
            self.finds_that_an_object_is_gone,
            self.reads_a_version,
            self.delivers,
            self.delivers_in_parts_and_again,
            self.tidies_up_a_copy_that_breaks_off,
            self.reads_the_secret,
        ]


class Worker(Processor):
    name = "-worker"

    def deeds(self) -> list[Callable[[], None]]:
        return [*super().deeds(), self.keeps_an_event_that_failed]

    def keeps_an_event_that_failed(self) -> None:
        """Lambda's own call, made as the function's role ("Capturing records of asynchronous invocations")."""
        sqs = self._world.client("sqs", self._role)
        url = self._world.client("sqs").get_queue_url(QueueName=self._queue.split(":")[-1])["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="{}")


class Operator(Processor):
    name = "-operator"

    def deeds(self) -> list[Callable[[], None]]:
        return [*super().deeds(), self.reconciles]

    def reconciles(self) -> None:
        """First what no event told of, then a result that somebody removed."""
        self.put()
        assert self._reconcile()["without_row"] >= 1
        result = self._root.list_objects_v2(Bucket=OUTPUT, Prefix="results/")["Contents"][-1]["Key"]
        for version in self._root.list_object_versions(Bucket=OUTPUT, Prefix=result)["Versions"]:
            self._root.delete_object(Bucket=OUTPUT, Key=result, VersionId=version["VersionId"])
        assert self._reconcile()["missing_results"] == 1

    def _reconcile(self) -> Any:
        event = {"operation": "reconcile", "bucket": INPUT, "grace_seconds": -60}

        async def run() -> Any:
            try:
                return await self._operations.run(event, "request-1", Deadline(time.monotonic() + 60))
            finally:
                await self._claims._database.close()

        findings = asyncio.run(run())
        assert not findings["stuck"], findings
        return findings
