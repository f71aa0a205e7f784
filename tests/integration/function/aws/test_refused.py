"""What S3 refuses: a verdict where it is this object's affair alone, else a fault."""

from dataclasses import replace
from datetime import UTC, datetime

import boto3
import pytest

from function.aws import clients
from function.aws.source import S3Source
from function.domain.errors import DefectError, ErrorCode, PipelineError, SettingsError, TransientError
from function.domain.model import CsvObject, Deadline, Upload
from tests.support.refusing_s3 import DENIED, Kept, Refusal, RefusingS3, refusing_s3

pytestmark = pytest.mark.anyio
NEVER = Deadline(float("inf"))
OBJECT = CsvObject("bucket", "in/the file.csv", "v1", "e1", 4, datetime.now(UTC))
OPEN = {f"other-{n}.csv": Kept() for n in range(3)}
CLOSED = {f"other-{n}.csv": Kept(DENIED, [403]) for n in range(3)}
REPLAY = "pipeline replay 'in/the file.csv' --version v1"
ARCHIVED = Refusal(
    403,
    "InvalidObjectState",
    "The operation is not valid for the object's storage class",
    {"StorageClass": "DEEP_ARCHIVE"},
)
CUSTOMERS_KEY = Refusal(
    400,
    "InvalidRequest",
    "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to"
    " retrieve the object.",
)
NO_DECRYPT = Refusal(
    403,
    "AccessDenied",
    "User: arn:aws:sts::123456789012:assumed-role/worker/x is not authorized to perform: kms:Decrypt on resource:"
    " arn:aws:kms:eu-central-1:210987654321:key/1 because no identity-based policy allows the kms:Decrypt action",
)
NO_GET = Refusal(
    403,
    "AccessDenied",
    "User: arn:aws:sts::123456789012:assumed-role/kms-worker/x is not authorized to perform: s3:GetObjectVersion"
    ' on resource: "arn:aws:s3:::bucket/kms.csv" because no identity-based policy allows it',
)


def source(server: RefusingS3) -> S3Source:
    client = boto3.client(
        "s3",
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=clients.CLIENT,
    )
    return S3Source(client)


@pytest.mark.parametrize(
    ("kept", "others", "advice"),
    [
        (
            Kept(ARCHIVED),
            {},
            "DEEP_ARCHIVE, keeps it archived; restore it: aws s3api restore-object --bucket",
        ),
        (Kept(CUSTOMERS_KEY, [400]), {}, r"SSE-C\); upload it without such a key"),
        (Kept(Refusal(400, "KMS.DisabledException", "key/1 is disabled.")), {}, r"key/1 is disabled.*enable"),
        (Kept(Refusal(400, "KMS.KMSInvalidStateException", "pending deletion")), {}, "pending deletion"),
        (Kept(Refusal(400, "KMS.NotFoundException", "Invalid keyId")), {}, "Invalid keyId"),
        (Kept(NO_DECRYPT), {}, r"arn:aws:kms:eu-central-1.*let the function's role use it \(kms:Decrypt\)"),
        (Kept(DENIED, ["aws:kms"]), {}, r"the KMS key .* is refused"),
        (Kept(DENIED, ["aws:kms:dsse"]), {}, r"the KMS key .* is refused"),
        (Kept(DENIED, [403]), OPEN, "others of the bucket may be read; look for a bucket policy"),
        (Kept(NO_GET, [403]), OPEN, "no identity-based policy allows it"),
        (Kept(DENIED, [403]), {**CLOSED, "z.csv": Kept()}, "others of the bucket may be read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_an_object_that_cannot_be_opened_has_a_verdict_that_says_what_to_do(
    kept: Kept, others: dict[str, Kept], advice: str
) -> None:
    with refusing_s3({OBJECT.key: kept, **others}) as server:
        scan = await source(server).open(OBJECT).scan(NEVER)
    assert scan.error
    assert scan.error.code is ErrorCode.NOT_READABLE
    assert scan.error.message.startswith("The object cannot be opened: ")
    assert scan.sha256 is None
    with pytest.raises(type(scan.error), match=advice):
        raise scan.error
    assert (REPLAY in scan.error.message) is (kept.get is not CUSTOMERS_KEY)


@pytest.mark.parametrize(
    ("kept", "others", "listing", "kind"),
    [
        (Kept(DENIED, [403]), CLOSED, None, SettingsError),
        (Kept(DENIED, [403]), {}, None, SettingsError),
        (Kept(NO_GET, [403]), CLOSED, None, SettingsError),
        (Kept(DENIED, [403]), OPEN, DENIED, SettingsError),
        (Kept(DENIED, ["AES256"]), OPEN, None, SettingsError),
        (Kept(DENIED, [403, "AES256"]), OPEN, None, SettingsError),
        (Kept(DENIED, [400]), OPEN, None, SettingsError),
        (Kept(Refusal(400, "InvalidRequest", "Missing header")), OPEN, None, DefectError),
        (Kept(Refusal(400, "KMS.ThrottlingException", "Rate exceeded")), OPEN, None, TransientError),
        (Kept(Refusal(400, "KMS.KMSInternalException", "try again")), OPEN, None, TransientError),
        (Kept(Refusal(403, "InvalidAccessKeyId", "x")), OPEN, None, SettingsError),
    ],
    ids=[
        "nothing may be read",
        "there is nothing else",
        "a role without the permission",
        "no list",
        "the object may be looked at",
        "a permission that comes just now",
        "a HEAD that says something else",
        "a request of ours that is wrong",
        "KMS is busy",
        "KMS is broken",
        "no such credentials",
    ],
)
async def test_in_doubt_a_refusal_is_a_fault_and_nothing_is_lost(
    kept: Kept, others: dict[str, Kept], listing: Refusal | None, kind: type[PipelineError]
) -> None:
    kept = replace(kept, heads=list(kept.heads))
    with (
        refusing_s3({OBJECT.key: kept, **others}, listing) as server,
        pytest.raises(PipelineError, match=r"S3 GET of s3://bucket/in/the file\.csv") as caught,
    ):
        await source(server).open(OBJECT).scan(NEVER)
    assert type(caught.value) is kind


async def test_the_question_who_is_at_fault_is_asked_in_a_few_requests() -> None:
    many = {f"{n:03}.csv": Kept(DENIED, [403]) for n in range(200)}
    with refusing_s3({OBJECT.key: Kept(DENIED, [403]), **many}) as server:
        with pytest.raises(SettingsError):
            await source(server).open(OBJECT).scan(NEVER)
        asked = server.requests
    assert [method for method, _ in asked] == ["GET", "HEAD", "GET", *["HEAD"] * 5]
    assert [key for _, key in asked[3:]] == ["000.csv", "040.csv", "080.csv", "120.csv", "160.csv"]


async def test_an_object_under_a_customers_key_is_pinned_from_the_list() -> None:
    upload = Upload("bucket", OBJECT.key, None, "", 0, OBJECT.uploaded_at)
    with refusing_s3({f"{OBJECT.key}.bak": Kept(), OBJECT.key: Kept(CUSTOMERS_KEY, [400])}) as server:
        assert await source(server).pin(upload) == OBJECT


@pytest.mark.parametrize(("status", "listing"), [(403, None), (400, DENIED)])
async def test_an_object_that_is_neither_looked_at_nor_listed_is_a_fault(
    status: int, listing: Refusal | None
) -> None:
    upload = Upload("bucket", OBJECT.key, None, "", 0, OBJECT.uploaded_at)
    with (
        refusing_s3({OBJECT.key: Kept(DENIED, [status])}, listing) as server,
        pytest.raises(SettingsError, match="S3 HEAD of"),
    ):
        await source(server).pin(upload)
