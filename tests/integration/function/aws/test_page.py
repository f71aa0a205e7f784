"""The page, delivered beside its result."""

from dataclasses import replace

import pytest

from function.aws.delivery import Delivery
from function.domain.errors import ErrorCode, FileError
from function.domain.keys import stamped_name
from function.domain.model import CsvObject, Effects
from function.domain.report import Destinations, document
from local.stack import Stack
from tests.integration.function.aws.deliveries import AGAIN, verdict, versions
from tests.support.examples import CLAIM, SCAN, TIMING

pytestmark = pytest.mark.anyio


BAD = replace(SCAN, error=FileError(ErrorCode.RAGGED_ROWS, "5 fields where the header has 4", line=3))


async def test_a_page_is_written_beside_the_result_of_a_file_that_failed(
    stack: Stack, delivery: Delivery, obj: CsvObject
) -> None:
    result = verdict(stack, obj, BAD)
    receipt = await delivery.deliver(CLAIM, obj, result)
    assert (receipt.effects, receipt.faults) == (Effects(True, True, True), ())
    page = stack.client("s3").get_object(Bucket=result["report"]["bucket"], Key=result["report"]["key"])
    assert page["ContentType"] == "text/html; charset=utf-8"
    assert b"5 fields where the header has 4" in page["Body"].read()


async def test_a_page_that_cannot_be_written_is_a_fault_and_is_written_by_the_retry(
    stack: Stack, delivery: Delivery, obj: CsvObject
) -> None:
    result = verdict(stack, obj, BAD)
    broken = {**result, "report": {**result["report"], "bucket": "no-such-bucket"}}
    receipt = await delivery.deliver(CLAIM, obj, broken)
    (fault,) = receipt.faults
    assert str(fault).startswith("report.html: ")
    assert receipt.effects == Effects(result=False, backup=True, notified=True)
    receipt = await delivery.deliver(replace(AGAIN, effects=receipt.effects), obj, result)
    assert (receipt.effects, receipt.faults) == (Effects(True, True, True), ())
    assert versions(stack, result["output"]) == versions(stack, result["report"]) == 1


async def test_the_page_of_a_replay_takes_the_place_of_the_older_one(
    stack: Stack, delivery: Delivery, obj: CsvObject
) -> None:
    result = verdict(stack, obj, BAD)
    await delivery.deliver(CLAIM, obj, result)
    to = Destinations(stack.names.output_bucket, stack.names.backup_bucket)
    again = document(obj, SCAN, stamped_name(obj.key, obj.uploaded_at), to, TIMING, replayed=True)
    await delivery.deliver(replace(CLAIM, replays=1), obj, again)
    page = stack.client("s3").get_object(Bucket=result["report"]["bucket"], Key=result["report"]["key"])
    assert b"Counted, without a doubt" in page["Body"].read()
