"""What every AWS client of the function shares: how long it may try, and how its errors are read."""

from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# An endpoint that cannot be reached fails in seconds, by name, and not at the function's time-out.
CLIENT = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 3},
    response_checksum_validation="when_required",  # the scan hashes every byte itself
)
ServiceError = (BotoCoreError, ClientError)
"""All that a client raises: the request was not answered, or answered with an error."""


def code(error: BaseException) -> str:
    """The service's error code; empty if there was no answer."""
    return error.response["Error"]["Code"] if isinstance(error, ClientError) else ""


def exists(s3: "S3Client", bucket: str, key: str) -> bool:
    """Whether the object is there; a ServiceError if that cannot be told."""
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if code(error) == "404":
            return False
        raise
    return True
