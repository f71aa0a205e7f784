"""What every AWS client of the function shares: how long it may try, and what its errors mean."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import TYPE_CHECKING, cast

import botocore.session
import urllib3.exceptions
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
from botocore.handlers import add_expect_header
from botocore.parsers import ResponseParserError
from botocore.session import Session

from function.domain.errors import DefectError, PipelineError, SettingsError, TransientError
from function.domain.model import CsvObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef, HeadObjectRequestTypeDef
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_stepfunctions import SFNClient

# An endpoint that cannot be reached, or says nothing, fails in seconds, by name, and not at the function's
# time-out. A server that works on a long copy sends blanks meanwhile.
CLIENT = Config(
    user_agent="csv-pipeline",  # by default botocore puts one together, of a dozen parts, for each request
    connect_timeout=3,
    read_timeout=10,
    retries={"mode": "standard", "total_max_attempts": 3},
    response_checksum_validation="when_required",  # the scan hashes every byte itself
)
FAULTS = (
    BotoCoreError,
    ClientError,
    ResponseParserError,
    urllib3.exceptions.HTTPError,
    HTTPException,
    OSError,
)
"""All that a client, or the body it hands out, raises."""

GONE = frozenset(
    {"404", "NoSuchKey", "NoSuchVersion", "405", "MethodNotAllowed", "412", "PreconditionFailed"}
)
"""Codes of a version that was deleted (405: what is there now is a delete marker) or overwritten."""

_MUTE = "400"
"""Code of a HEAD without the customer's key, or with credentials that ran out: its answer has no body."""

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
        "403",  # of a HEAD, whose answer has no body to say more
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
        "StateMachineDeleting",
        "StateMachineDoesNotExist",
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


@contextmanager
def made(session: Session | None = None) -> Iterator[Session]:
    """A session, by default a new one, for a body that makes clients.

    Raises:
        SettingsError: the SDK lacks its region, or another setting.
    """
    try:
        yield session or botocore.session.get_session()
    except (*FAULTS, ValueError) as error:  # a ValueError of an endpoint that is no URL
        raise SettingsError(f"AWS clients: {error}") from error


def s3(session: Session) -> "S3Client":
    """A client that sends each body with its headers, and not only after a `100 Continue`.

    The SDK waits for that before every PUT: one more flight, which pays where a large body may be refused.
    Ours is a result.json.
    """
    client = cast("S3Client", session.create_client("s3", config=CLIENT))
    client.meta.events.unregister("before-call.s3", add_expect_header)
    return client


def sns(session: Session) -> "SNSClient":
    """A client of the topic's service."""
    return cast("SNSClient", session.create_client("sns", config=CLIENT))


def secrets_manager(session: Session) -> "SecretsManagerClient":
    """A client of the secrets' service."""
    return cast("SecretsManagerClient", session.create_client("secretsmanager", config=CLIENT))


def step_functions(session: Session) -> "SFNClient":
    """A client of the service that runs executions."""
    return cast("SFNClient", session.create_client("stepfunctions", config=CLIENT))


def head(
    s3: "S3Client", bucket: str, key: str, version_id: str | None = None
) -> "HeadObjectOutputTypeDef | None":
    """What S3 says of the object, by default of its current version; None if it is not there.

    Raises one of `FAULTS` if that cannot be told.
    """
    which: HeadObjectRequestTypeDef = {"Bucket": bucket, "Key": key}
    if version_id:
        which["VersionId"] = version_id
    try:
        return s3.head_object(**which)
    except ClientError as error:
        if code(error) in GONE:
            return None
        raise


def find(s3: "S3Client", bucket: str, key: str, version_id: str | None = None) -> CsvObject | None:
    """The object as it is in the bucket, by default its current version; None if it is not there.

    A version under a customer's key, which HEAD refuses, is found in the list of versions. `uploaded_at` is
    the time that S3 has for it.

    Raises one of `FAULTS` if that cannot be told.
    """
    try:
        found = head(s3, bucket, key, version_id)
    except ClientError as error:
        if code(error) != _MUTE:
            raise
        return _listed(s3, bucket, key, version_id)
    if found is None:
        return None
    version, etag = found.get("VersionId", "null"), found["ETag"].strip('"')
    return CsvObject(bucket, key, version, etag, found["ContentLength"], found["LastModified"])


def _listed(s3: "S3Client", bucket: str, key: str, version_id: str | None) -> CsvObject | None:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
        for each in page.get("Versions", []):
            wanted = each["VersionId"] == version_id if version_id else each["IsLatest"]
            if each["Key"] == key and wanted:
                etag = each["ETag"].strip('"')
                return CsvObject(bucket, key, each["VersionId"], etag, each["Size"], each["LastModified"])
        if page.get("NextKeyMarker") != key:  # the key comes before all that it is the beginning of
            break
    return None
