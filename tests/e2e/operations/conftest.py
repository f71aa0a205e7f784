import uuid
from collections.abc import Iterator

import pytest

from local.stack import Stack


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A stack of these tests' own: they hold all of its buckets against all of its table."""
    with Stack() as running:
        yield running


@pytest.fixture
def bucket(stack: Stack) -> str:
    """A bucket whose uploads send no event: to the function, they are all lost."""
    name = f"lost-{uuid.uuid4()}"
    s3 = stack.client("s3")
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name
