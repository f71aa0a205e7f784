"""The copy of an object that is too large for one request. Imported when there is one: few files are."""

from concurrent.futures import CancelledError
from typing import TYPE_CHECKING

import s3transfer.exceptions
from s3transfer.manager import TransferConfig, TransferManager

from function.aws import clients

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CopySourceTypeDef

_PART_BYTES = 64 * 1024**2
FAULTS = (
    s3transfer.exceptions.RetriesExceededError,
    s3transfer.exceptions.S3CopyFailedError,
    s3transfer.exceptions.S3DownloadFailedError,
    s3transfer.exceptions.S3UploadFailedError,
    s3transfer.exceptions.S3ValidationError,
    s3transfer.exceptions.TransferNotDoneError,
    s3transfer.exceptions.InvalidSubscriberMethodError,
    CancelledError,  # of one part, because another failed
)
"""All that a transfer raises, beside the `clients.FAULTS` of its requests."""


def copy(
    s3: "S3Client",
    source: "CopySourceTypeDef",
    bucket: str,
    key: str,
    *,
    storage_class: str,
    larger_than: int,
) -> None:
    """Copy in parts, some of them side by side, where the object is larger than so many bytes.

    Raises:
        TransientError: a part failed; or one of `clients.FAULTS`.
    """
    config = TransferConfig(multipart_threshold=larger_than, multipart_chunksize=_PART_BYTES)
    kept = {"TaggingDirective": "COPY", "StorageClass": storage_class}
    try:
        with TransferManager(s3, config) as transfers:
            transfers.copy(dict(source), bucket, key, extra_args=kept).result()
    except FAULTS as error:
        raise clients.translated(f"copy to s3://{bucket}/{key}", error) from error
