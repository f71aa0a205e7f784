"""Each role can do all that its code does, and nothing that its code does not do.

The function's own code makes the calls, against an emulator that enforces the recorded policies. Then every
action and every resource is taken out of them, one at a time: something must fail each time.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from function import migrate_handler, wiring
from function.aws.inventory import Inventory
from function.domain import report
from function.domain.errors import SettingsError
from function.domain.keys import stamped_name
from function.domain.model import CsvObject, Deadline, Upload
from function.operations import Operations
from function.postgres import migrations, roles
from function.postgres.register import Register
from function.postgres.versions import Versions
from function.settings import Settings
from infra.iam import policies
from tests.infra.support.iam import BUCKETS, Cloud, Document, Trim, allows, as_strict_as_s3, cloud, trims
from tests.infra.support.program import Program
from tests.support.administrator import admin
from tests.unit.function.examples import CLAIM, SCAN, TIMING

TIME = datetime(2025, 9, 2, 14, 30, tzinfo=UTC)
INPUT, OUTPUT, BACKUP = BUCKETS
MEGABYTE = 1024**2

WORKER = policies.worker(input_bucket="i", output="o", backup="b", topic="t", secret="s", dead_letters="d")
OPERATOR = policies.operator(input_bucket="i", output="o", backup="b", topic="t", secret="s")
MIGRATION = policies.migration(master_secret="m", application_secret="a")


def labels(trim: Trim) -> str:
    return f"{trim.statement}-{trim.element}-{trim.item}"


@pytest.fixture(scope="module")
def world(dev: Program) -> Iterator[Cloud]:
    with cloud() as running:
        admin = running.postgres.admin
        running.furnish(
            topic=dev.outputs["topic_arn"],
            queue=dev.one("FunctionEventInvokeConfig")["destinationConfig"]["onFailure"]["destination"],
            log_group=dev.outputs["log_group"],
            secrets={
                _environment(dev, "-migrate")["MASTER_SECRET_ARN"]: json.dumps(
                    {"username": admin.username, "password": admin.password}
                ),
                dev.outputs["database_secret_arn"]: admin.to_secret(),
            },
        )
        asyncio.run(_prepare(running))
        yield running


async def _prepare(world: Cloud) -> None:
    async with admin(world.postgres) as connection:
        await migrations.apply(connection)


async def _forget(world: Cloud) -> None:
    async with admin(world.postgres) as connection:
        await connection.execute("TRUNCATE file_metadata")


def _environment(program: Program, name: str) -> dict[str, str]:
    variables: dict[str, str] = program.one("Function", name)["environment"]["variables"]
    return variables


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
        variables = _environment(program, self.name) | {"DATABASE_CA_FILE": str(world.postgres.ca_file)}
        secret = world.real_arns[variables["DATABASE_SECRET_ARN"]]
        application: Any = wiring.build(Settings.from_env(variables | {"DATABASE_SECRET_ARN": secret}))
        pipeline = application.pipeline
        database = application.database
        self._operations = Operations(
            pipeline, Register(database), Inventory(application.s3), Versions(database)
        )
        self._to = pipeline.destinations
        self._source = pipeline.source
        self._delivery = pipeline.delivery
        self._ledger = pipeline.ledger
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
        database = self._ledger._database

        async def ask() -> Any:
            try:
                return await database.row("SELECT 1 AS one")
            finally:
                await database.close()

        assert asyncio.run(ask())["one"] == 1

    def _deliver(self, obj: CsvObject, attempts: int = 1) -> None:
        """As the pipeline does, under the names that the function itself gives."""
        result = report.document(obj, SCAN, stamped_name(obj.key, obj.uploaded_at), self._to, TIMING)
        receipt = asyncio.run(self._delivery.deliver(replace(CLAIM, attempts=attempts), obj, result))
        assert not receipt.faults, receipt.faults

    def does_everything(self) -> None:
        for deed in self.deeds():
            deed()

    def deeds(self) -> list[Callable[[], None]]:
        return [
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
                await self._ledger._database.close()

        findings = asyncio.run(run())
        assert not findings["stuck"], findings
        return findings


def _policy(world: Cloud, program: Program, name: str) -> Document:
    return world.document(program.one("RolePolicy", f"{name}-permissions")["policy"])


PROCESSORS = (Worker, Operator)


@pytest.mark.parametrize("kind", PROCESSORS)
def test_a_function_can_do_all_that_it_does(
    world: Cloud, dev: Program, kind: type[Processor], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind(world, dev, _policy(world, dev, kind.name), monkeypatch).does_everything()


@pytest.mark.parametrize(
    ("kind", "trim"),
    [
        *(pytest.param(Worker, trim, id=f"worker-{labels(trim)}") for trim in trims(WORKER)),
        *(pytest.param(Operator, trim, id=f"operator-{labels(trim)}") for trim in trims(OPERATOR)),
    ],
)
def test_a_function_can_do_nothing_that_it_does_not_do(
    world: Cloud, dev: Program, kind: type[Processor], trim: Trim, monkeypatch: pytest.MonkeyPatch
) -> None:
    processor = kind(world, dev, trim.of(_policy(world, dev, kind.name)), monkeypatch)
    with pytest.raises(Exception, match=r"403|AccessDenied|not authorized|Forbidden|Uploads|assert"):
        processor.does_everything()


@pytest.mark.parametrize("kind", PROCESSORS)
def test_what_failed_above_failed_for_want_of_leave_only(
    world: Cloud, dev: Program, kind: type[Processor], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind(world, dev, _policy(world, dev, kind.name), monkeypatch).does_everything()


def test_the_worker_may_not_reconcile(world: Cloud, dev: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """What only reconciliation needs is the operators' function's alone."""
    operator = Operator(world, dev, _policy(world, dev, "-worker"), monkeypatch)
    with pytest.raises(Exception, match="AccessDenied"):
        operator.reconciles()


def _migrate(world: Cloud, program: Program, document: Document, monkeypatch: pytest.MonkeyPatch) -> Document:
    for name, value in world.environment(world.role([document])).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)  # which remembers the keys of another role
    admin = world.postgres.admin
    variables = _environment(program, "-migrate")
    here = {
        "DATABASE_HOST": admin.host,
        "DATABASE_PORT": str(admin.port),
        "DATABASE_NAME": admin.dbname,
        "DATABASE_CA_FILE": str(world.postgres.ca_file),
    }
    secrets = {
        name: world.real_arns[variables[name]] for name in ("MASTER_SECRET_ARN", "DATABASE_SECRET_ARN")
    }
    return asyncio.run(migrate_handler.run(variables | here | secrets, rotate=True))


def test_the_migrate_function_can_do_all_that_it_does(
    world: Cloud, dev: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = world.document(dev.one("RolePolicy", "-migrate-permissions")["policy"])
    _migrate(world, dev, document, monkeypatch)
    secret = world.client("secretsmanager").get_secret_value(
        SecretId=world.real_arns[dev.outputs["database_secret_arn"]]
    )
    assert json.loads(secret["SecretString"])["username"] in roles.ROLES


@pytest.mark.parametrize("trim", trims(MIGRATION), ids=labels)
def test_the_migrate_function_can_do_nothing_that_it_does_not_do(
    world: Cloud, dev: Program, trim: Trim, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = trim.of(world.document(dev.one("RolePolicy", "-migrate-permissions")["policy"]))
    with pytest.raises(SettingsError, match="AccessDenied"):
        _migrate(world, dev, document, monkeypatch)


@pytest.mark.parametrize(("schedule", "called"), [("-reconcile", "operator"), ("-rotate", "migrate")])
def test_a_schedule_can_call_its_function_and_no_other(
    world: Cloud, dev: Program, schedule: str, called: str
) -> None:
    client = world.client("lambda", world.role([world.document(dev.one("RolePolicy", schedule)["policy"])]))
    for function in ("worker", "operator", "migrate"):
        # allowed, but the emulator has no functions; or not allowed
        answer = "ResourceNotFound" if function == called else "AccessDenied"
        with pytest.raises(ClientError, match=answer):
            client.invoke(FunctionName=f"csv-pipeline-dev-{function}", InvocationType="Event")


@pytest.mark.parametrize("name", ["-worker-execution", "-operator-execution", "-migrate-execution"])
def test_a_function_can_write_its_own_log_only(world: Cloud, dev: Program, name: str) -> None:
    # The emulator asks about the group, AWS about its streams, which the pattern's end stands for.
    document = world.document(dev.one("RolePolicy", name)["policy"].replace(':*"', '"'))
    logs = world.client("logs", world.role([document]))
    own = dev.one("LogGroup", name.removesuffix("-execution"))["name"]
    with contextlib.suppress(world.client("logs").exceptions.ResourceAlreadyExistsException):
        world.client("logs").create_log_group(logGroupName=own)
    stream = f"stream-{time.monotonic_ns()}"
    logs.create_log_stream(logGroupName=own, logStreamName=stream)
    event = {"timestamp": int(time.time() * 1000), "message": "a line"}
    logs.put_log_events(logGroupName=own, logStreamName=stream, logEvents=[event])
    with pytest.raises(ClientError, match="AccessDenied"):
        logs.create_log_group(logGroupName="another")
    with pytest.raises(ClientError, match="AccessDenied"):
        logs.create_log_stream(logGroupName="another", logStreamName=stream)


def test_lambda_can_do_for_the_function_what_the_policies_of_aws_itself_allow(dev: Program) -> None:
    """The services that act as the role are not here; AWS publishes what they need."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    published = json.loads(aws_managed_policies_data)
    ours = json.loads(dev.one("RolePolicy", "-worker-execution")["policy"])["Statement"]
    network = published["AWSLambdaVPCAccessExecutionRole"]["Document"]["Statement"]
    wanted = {action for each in network for action in each["Action"]} - {"logs:CreateLogGroup"}
    tracing = published["AWSXrayWriteOnlyAccess"]["Document"]["Statement"]
    wanted |= {action for each in tracing for action in each["Action"] if action.startswith("xray:Put")}
    assert {action for each in ours for action in each["Action"]} == wanted


def test_nothing_but_the_three_buckets_topic_secret_and_queue_is_in_reach(world: Cloud, dev: Program) -> None:
    document = _policy(world, dev, "-worker")
    for action, arn in (
        ("s3:GetObject", "arn:aws:s3:::another/x"),
        ("s3:PutObject", f"arn:aws:s3:::{INPUT}/x"),
        ("s3:GetObject", f"arn:aws:s3:::{OUTPUT}/elsewhere/x"),
        ("s3:DeleteObject", f"arn:aws:s3:::{BACKUP}/backup/x"),
        ("secretsmanager:GetSecretValue", _environment(dev, "-migrate")["MASTER_SECRET_ARN"]),
    ):
        assert not allows(document, action, arn)
