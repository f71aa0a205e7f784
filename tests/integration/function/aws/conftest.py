import uuid
from datetime import UTC, datetime

import pytest

from function.aws.delivery import Delivery
from function.domain.model import CsvObject
from local.stack import Stack
from tests.integration.function.aws.deliveries import TAGS


@pytest.fixture
def delivery(stack: Stack) -> Delivery:
    return Delivery(stack.client("s3"), stack.client("sns"), stack.names.topic_arn)


@pytest.fixture
def obj(stack: Stack) -> CsvObject:
    """A file in a bucket that tells nobody, so that nothing but the test delivers it."""
    key = f"delivery/{uuid.uuid4()}.csv"
    answer = stack.client("s3").put_object(
        Bucket=stack.names.backup_bucket,
        Key=key,
        Body=b"a\n1\n",
        ContentType="text/csv",
        Metadata={"origin": "test"},
        Tagging=TAGS,
    )
    return CsvObject(stack.names.backup_bucket, key, answer["VersionId"], "", 4, datetime.now(UTC))
