"""Claims on object versions that no other test has seen, and their verdicts."""

import itertools
import uuid
from dataclasses import replace
from datetime import timedelta

from function.domain.content import Scan
from function.domain.model import Claim, CsvObject, Document, Effects, Receipt
from function.domain.report import document
from function.postgres.claims import Claims
from tests.support.examples import OBJECT, SCAN, TIME, TIMING, TO

ALL = Receipt(Effects(True, True, True))
HOUR = timedelta(hours=1)
_SECONDS = itertools.count()


def fresh() -> CsvObject:
    """An object version that no other test has seen, uploaded in a second of its own."""
    when = TIME + timedelta(seconds=next(_SECONDS))
    return replace(OBJECT, bucket="store-tests", version_id=str(uuid.uuid4()), uploaded_at=when)


def verdict(obj: CsvObject, claim: Claim, scan: Scan = SCAN) -> Document:
    return document(obj, scan, claim.stamped_name, TO, TIMING)


async def claimed(ledger: Claims, obj: CsvObject, owner: str = "one") -> Claim:
    claim = await ledger.claim(obj, owner, TIME)
    assert isinstance(claim, Claim)
    return claim


async def lent(ledger: Claims, obj: CsvObject, lease: timedelta = HOUR) -> tuple[Claim, str]:
    """A claim that was lent, and the name of the execution that holds it."""
    claim = await claimed(ledger, obj, "worker")
    name = f"{claim.row}-{claim.attempts}"
    await ledger.lend(claim, name, lease)
    return claim, name


async def ended(ledger: Claims, obj: CsvObject, scan: Scan = SCAN) -> Claim:
    claim = await claimed(ledger, obj)
    result = verdict(obj, claim, scan)
    await ledger.record(claim, result)
    await ledger.settle(claim, ALL, result)
    return claim


async def identical(ledger: Claims, obj: CsvObject, scan: Scan) -> Document | None:
    """The earlier upload that the recorded verdict names."""
    claim = await claimed(ledger, obj)
    kept = await ledger.record(claim, verdict(obj, claim, scan))
    await ledger.settle(claim, ALL, kept)
    found: Document | None = kept["source"]["identical_to"]
    return found


def named(obj: CsvObject) -> Document:
    uploaded_at = obj.uploaded_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"key": obj.key, "version_id": obj.version_id, "uploaded_at": uploaded_at}
