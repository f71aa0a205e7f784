"""What every AWS client of the function shares: how long it may try, and what its errors mean."""

from concurrent.futures import CancelledError
from http.client import HTTPException
from typing import TYPE_CHECKING

import s3transfer.exceptions as transfer
import urllib3.exceptions
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ChecksumError,
    ClientError,
    ConnectionError,  # noqa: A004 it does not derive from the builtin one
    CredentialRetrievalError,
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
    MetadataRetrievalError,
    ParamValidationError,
)
from botocore.parsers import ResponseParserError

from function.errors import DefectError, PipelineError, SettingsError, TransientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# An endpoint that cannot be reached, or says nothing, fails in seconds, by name, and not at the function's
# time-out. A server that works on a long copy sends blanks meanwhile.
CLIENT = Config(
    connect_timeout=3,
    read_timeout=10,
    retries={"mode": "standard", "total_max_attempts": 3},
    response_checksum_validation="when_required",  # the scan hashes every byte itself
)
FAULTS = (
    BotoCoreError,
    ClientError,
    ResponseParserError,
    Boto3Error,
    transfer.RetriesExceededError,
    transfer.S3CopyFailedError,
    transfer.S3DownloadFailedError,
    transfer.S3UploadFailedError,
    transfer.S3ValidationError,
    transfer.TransferNotDoneError,
    transfer.InvalidSubscriberMethodError,
    CancelledError,  # of one part of a multipart copy, because another failed
    urllib3.exceptions.HTTPError,
    HTTPException,
    OSError,
)
"""All that a client, or the body it hands out, raises."""

_PASSING = (
    ConnectionError,
    HTTPClientError,
    IncompleteReadError,
    ChecksumError,
    FlexibleChecksumError,
    CredentialRetrievalError,
    MetadataRetrievalError,
)
_UNMENDED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "KMSAccessDenied",
        "KMSDisabled",
        "NoSuchBucket",
        "NotFound",  # SNS: the topic
        "ResourceNotFoundException",  # Secrets Manager: the secret
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_OURS = frozenset({"InvalidParameter", "InvalidParameterValue", "InvalidRequest", "MalformedXML"})


def code(error: BaseException) -> str:
    """The service's error code; empty if there was no answer."""
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else ""


def translated(what: str, error: BaseException) -> PipelineError:
    """One of `FAULTS` as one of our errors; `what` says what was tried, and on what."""
    message = f"{what}: {str(error) or type(error).__name__}"
    if isinstance(error, ParamValidationError) or code(error) in _OURS:
        return DefectError(message)
    if code(error) in _UNMENDED or (isinstance(error, BotoCoreError) and not isinstance(error, _PASSING)):
        return SettingsError(message)
    return TransientError(message)


def exists(s3: "S3Client", bucket: str, key: str) -> bool:
    """Whether the object is there; one of `FAULTS` if that cannot be told."""
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if code(error) == "404":
            return False
        raise
    return True
