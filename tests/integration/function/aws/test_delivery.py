import json
import uuid
from dataclasses import replace
from typing import Any

import pytest

from function.aws import delivery as module
from function.aws.delivery import Delivery
from function.domain.content import Scan
from function.domain.errors import ErrorCode, FileError, SettingsError
from function.domain.keys import stamped_name
from function.domain.model import CsvObject, Effects
from function.domain.report import Destinations, document
from local.stack import Stack
from tests.integration.function.aws.deliveries import AGAIN, TAGS, verdict, versions
from tests.support import uploads
from tests.support.examples import CLAIM, SCAN, TIMING

pytestmark = pytest.mark.anyio


def messages(stack: Stack, obj: CsvObject) -> list[dict[str, Any]]:
    return [each for each in stack.messages() if obj.version_id in each["message"]]


async def test_result_backup_and_notification_are_delivered(
    stack: Stack, delivery: Delivery, obj: CsvObject
) -> None:
    result = verdict(stack, obj)
    receipt = await delivery.deliver(CLAIM, obj, result)
    assert receipt.effects == Effects(True, True, True)
    assert receipt.faults == ()
    written = stack.client("s3").get_object(Bucket=result["output"]["bucket"], Key=result["output"]["key"])
    assert written["ContentType"] == "application/json"
    assert json.loads(written["Body"].read()) == json.loads(json.dumps(result))
    assert versions(stack, result["backup"]) == 1
    (message,) = messages(stack, obj)
    assert message["attributes"] == {"status": "succeeded", "bucket": obj.bucket}


async def test_a_second_delivery_makes_no_second_version(
    stack: Stack, delivery: Delivery, obj: CsvObject
) -> None:
    result = verdict(stack, obj)
    await delivery.deliver(CLAIM, obj, result)
    receipt = await delivery.deliver(AGAIN, obj, result)
    assert receipt.faults == ()
    assert versions(stack, result["output"]) == versions(stack, result["backup"]) == 1


async def test_what_the_ledger_knows_to_be_done_is_not_done_again(
    stack: Stack, delivery: Delivery, obj: CsvObject
) -> None:
    result = verdict(stack, obj)
    claim = replace(CLAIM, effects=Effects(result=True, backup=False, notified=True))
    receipt = await delivery.deliver(claim, obj, result)
    assert receipt.effects == Effects(True, True, True)
    assert versions(stack, result["output"]) == 0
    assert versions(stack, result["backup"]) == 1
    assert not messages(stack, obj)


async def test_an_empty_version_that_was_superseded_is_kept_and_not_told_of(
    stack: Stack, delivery: Delivery, obj: CsvObject
) -> None:
    empty = Scan("ab" * 32, 0, error=FileError(ErrorCode.EMPTY_FILE, "no records"))
    to = Destinations(stack.names.output_bucket, stack.names.backup_bucket)
    stamped = stamped_name(obj.key, obj.uploaded_at)
    result = document(obj, empty, stamped, to, TIMING, newer=replace(obj, version_id="v2"))
    receipt = await delivery.deliver(CLAIM, obj, result)
    assert receipt.effects == Effects(True, True, True)
    assert versions(stack, result["output"]) == versions(stack, result["backup"]) == 1
    assert not messages(stack, obj)


@pytest.mark.parametrize("broken", ["result.json", "backup", "notification"])
async def test_one_effect_that_fails_does_not_keep_the_others(
    stack: Stack, delivery: Delivery, obj: CsvObject, broken: str
) -> None:
    result = verdict(stack, obj)
    if broken == "result.json":
        result["output"]["bucket"] = "no-such-bucket"
    elif broken == "backup":
        result["backup"]["bucket"] = "no-such-bucket"
    else:
        delivery = Delivery(stack.client("s3"), stack.client("sns"), stack.names.topic_arn + "-not")
    receipt = await delivery.deliver(CLAIM, obj, result)
    assert receipt.effects == Effects(broken != "result.json", broken != "backup", broken != "notification")
    (fault,) = receipt.faults
    assert isinstance(fault, SettingsError)
    assert str(fault).startswith(f"{broken}: ")


async def test_all_effects_that_fail_are_reported(stack: Stack, obj: CsvObject) -> None:
    result = verdict(stack, obj)
    result["output"]["bucket"] = result["backup"]["bucket"] = "no-such-bucket"
    receipt = await Delivery(stack.client("s3"), stack.client("sns"), stack.names.topic_arn + "-not").deliver(
        CLAIM, obj, result
    )
    assert receipt.effects == Effects()
    assert len(receipt.faults) == 3


async def test_an_object_that_is_gone_is_told_of_without_a_backup(
    stack: Stack, delivery: Delivery, obj: CsvObject
) -> None:
    gone = Scan(None, 0, error=FileError(ErrorCode.OBJECT_GONE, "deleted"))
    receipt = await delivery.deliver(CLAIM, obj, verdict(stack, obj, gone))
    assert receipt.effects == Effects(True, True, True)
    assert messages(stack, obj)[0]["attributes"]["status"] == "failed"


@pytest.mark.parametrize("single_copy_bytes", [module.SINGLE_COPY_BYTES, 3], ids=["whole", "in parts"])
async def test_a_backup_is_the_version_that_was_read_with_all_that_belongs_to_it(
    stack: Stack, obj: CsvObject, single_copy_bytes: int
) -> None:
    s3 = stack.client("s3")
    s3.put_object(Bucket=obj.bucket, Key=obj.key, Body=b"a newer version", Tagging=TAGS)
    delivery = Delivery(s3, stack.client("sns"), stack.names.topic_arn, single_copy_bytes)
    result = verdict(stack, obj)
    for claim in (CLAIM, AGAIN):
        receipt = await delivery.deliver(claim, obj, result)
        assert receipt.faults == ()
    place = {"Bucket": result["backup"]["bucket"], "Key": result["backup"]["key"]}
    copy = s3.get_object(**place)
    assert copy["Body"].read() == b"a\n1\n"
    assert copy["Metadata"] == {"origin": "test"}
    assert copy["ContentType"] == "text/csv"
    tags = {tag["Key"]: tag["Value"] for tag in s3.get_object_tagging(**place)["TagSet"]}
    assert tags == {"team": "data", "cost": "low"}
    assert versions(stack, result["backup"]) == 1


async def test_a_message_reaches_only_those_who_asked_for_its_status(
    stack: Stack, delivery: Delivery, obj: CsvObject
) -> None:
    sns, sqs = stack.client("sns"), stack.client("sqs")
    url = sqs.create_queue(QueueName=f"failures-{uuid.uuid4()}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(
        TopicArn=stack.names.topic_arn,
        Protocol="sqs",
        Endpoint=arn,
        Attributes={"FilterPolicy": json.dumps({"status": ["failed"]})},
    )
    await delivery.deliver(CLAIM, obj, verdict(stack, obj))
    bad = replace(SCAN, error=FileError(ErrorCode.NOT_CSV, "a JPEG image"))
    await delivery.deliver(CLAIM, obj, verdict(stack, obj, bad))
    received = uploads.until(
        lambda: sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"), 5, "mail"
    )
    assert [json.loads(each["Body"])["Subject"][:10] for each in received] == ["CSV failed"]
