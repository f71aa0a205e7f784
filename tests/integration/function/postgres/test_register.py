import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from function.domain.model import Claim, Document, Effect, Effects, Receipt
from function.domain.report import document
from function.postgres.claims import Claims
from function.postgres.database import Database
from function.postgres.register import Register
from tests.support.examples import OBJECT, SCAN, TIME, TIMING, TO

pytestmark = pytest.mark.anyio


async def test_a_key_with_a_nul_is_known_unfinished_and_replayed_under_its_own_name(
    database: Database,
) -> None:
    bucket, ledger, register = f"nul-{uuid.uuid4()}", Claims(database), Register(database)
    obj = replace(OBJECT, bucket=bucket, key="in/a\0b.csv")
    other = replace(obj, key="in/a␀b.csv")
    claim = await ledger.claim(obj, "one", TIME)
    assert isinstance(claim, Claim)
    identities = [(each.key, each.version_id) for each in (obj, other)]
    assert await register.known(bucket, identities) == {identities[0]}
    result = await ledger.record(claim, document(obj, SCAN, claim.stamped_name, TO, TIMING))
    await ledger.settle(claim, Receipt(Effects()), result)
    (left,) = await register.unfinished(bucket, 0, timedelta(0), 10)
    assert left.upload.key == obj.key
    assert await register.replay(other) is None
    replayed = await register.replay(obj)
    assert replayed
    assert replayed.key == obj.key


@pytest.mark.parametrize(
    "position",
    [
        {"pass": "uploads", "after": {"KeyMarker": "a\0b␀␛.csv", "VersionIdMarker": "v1"}},
        {"pass": "unfinished", "after": 7},
        {"pass": "results", "after": "results/a\0b"},
    ],
    ids=lambda position: position["pass"],
)
async def test_a_position_is_kept_whatever_key_it_is_at(database: Database, position: Document) -> None:
    register = Register(database)
    await register.keep_position("register-tests", position)
    assert await register.position("register-tests") == position
    await register.keep_position("register-tests", None)
    assert await register.position("register-tests") is None


async def test_a_page_can_begin_behind_a_key_with_a_nul(database: Database) -> None:
    assert await Register(database).delivered(Effect.RESULT, "results/\U0010ffff\0", 1) == []
