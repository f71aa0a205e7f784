"""Where the function meets a library: each does one thing with a client that raises."""

import asyncio
import contextlib
import io
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import botocore.session
import certifi
import pytest

from function import wiring
from function.aws import clients
from function.aws import copy_in_parts as parts
from function.aws.delivery import Delivery
from function.aws.fanout import parts as reading_parts
from function.aws.fanout.executions import Executions
from function.aws.fanout.ranges import Ranges
from function.aws.fanout.work import Work
from function.aws.inventory import Inventory
from function.aws.source import S3Source
from function.domain.content import Scan
from function.domain.model import Deadline, Effects
from function.domain.report import document
from function.postgres import database
from function.postgres.credentials import Credentials
from function.postgres.database import Database
from function.settings import Settings
from tests.support.examples import CLAIM, OBJECT, SCAN, TIMING, TO
from tests.unit.support.foreign_errors import Raising

NEVER = Deadline(float("inf"))
SECRET = Credentials("db.example", 5432, "db", "user", "hush").to_secret()


def pin(error: Exception) -> None:
    asyncio.run(S3Source(cast("Any", Raising(error))).pin(replace(OBJECT, version_id="")))


def read(error: Exception) -> None:
    scan(Raising(error))


def read_body(error: Exception) -> None:
    body = SimpleNamespace(read=Raising(error), close=lambda: None)
    scan(SimpleNamespace(get_object=lambda **_: {"Body": body, "ContentLength": 9}))


def read_tags(error: Exception) -> None:
    answer = {"Body": io.BytesIO(b"a"), "ContentLength": 1, "TagCount": 1}
    scan(SimpleNamespace(get_object=lambda **_: answer, get_object_tagging=Raising(error)))


def list_bucket(error: Exception) -> None:
    asyncio.run(Inventory(cast("Any", Raising(error))).keys("bucket", "", "", 1))


EMPTY = SimpleNamespace(get_object=lambda **_: {"Body": io.BytesIO(), "ContentLength": 0})


def scan(s3: object = EMPTY) -> Scan:
    async def run() -> Scan:
        return await S3Source(cast("Any", s3)).open(OBJECT).scan(NEVER)

    return asyncio.run(run())


def deliver(error: Exception) -> None:
    broken: Any = Raising(error)
    result = document(OBJECT, SCAN, CLAIM.stamped_name, TO, TIMING)
    receipt = asyncio.run(Delivery(broken, broken, "arn:topic").deliver(CLAIM, OBJECT, result))
    assert receipt.effects == Effects()
    assert len(receipt.faults) == 3
    for fault in receipt.faults:
        raise fault


def copy_in_parts(error: Exception) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "TransferManager", lambda *_: contextlib.nullcontext(Raising(error)))
        s3 = SimpleNamespace(put_object=lambda **_: None)
        sns = SimpleNamespace(publish=lambda **_: None)
        delivery = Delivery(cast("Any", s3), cast("Any", sns), "arn:topic", single_copy_bytes=1)
        result = document(OBJECT, SCAN, CLAIM.stamped_name, TO, TIMING)
        receipt = asyncio.run(delivery.deliver(CLAIM, OBJECT, result))
    assert receipt.effects == Effects(result=True, notified=True)
    raise receipt.faults[0]


def read_secret(error: Exception) -> None:
    ca = certifi.where()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clients, "s3", Raising)
        patch.setattr(clients, "sns", Raising)
        patch.setattr(clients, "secrets_manager", lambda _: Raising(error))
        ledger = wiring.build(Settings("out", "back", "arn:topic", "arn:secret", ca)).pipeline.claims
    asyncio.run(ledger.claim(OBJECT, "one", OBJECT.uploaded_at, 0))


def make_clients(error: Exception) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "get_session", Raising(error))
        wiring.build(Settings("out", "back", "arn:topic", "arn:secret", certifi.where()))


def store(error: Exception) -> None:
    Work(cast("Any", Raising(error)), "out").write_unreadable("7-1-ab", 0, "")


def fetch(error: Exception) -> None:
    list(Work(cast("Any", Raising(error)), "out").parts("7-1-ab", 1))


def start(error: Exception) -> None:
    planned = SimpleNamespace(obj=OBJECT, plan=SimpleNamespace(count=1))
    work: Any = SimpleNamespace(plan=lambda _: planned)
    asyncio.run(Executions(cast("Any", Raising(error)), "arn:stateMachine:m", work).start("7-1-ab"))


def look_up(error: Exception) -> None:
    work: Any = SimpleNamespace()
    asyncio.run(Executions(cast("Any", Raising(error)), "arn:stateMachine:m", work).progress("7-1-ab"))


def read_range(error: Exception) -> None:
    list(Ranges(cast("Any", Raising(error)), OBJECT, 9, 9, NEVER)(0))


def make_client_of_parts(error: Exception) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clients, "s3", Raising(error))
        reading_parts.connect("out")


def connect(error: Exception) -> None:
    async def attempt() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(database, "connect", Raising(error))
            await Database(lambda: SECRET, certifi.where()).row("SELECT 1", patience=0)

    asyncio.run(attempt())
