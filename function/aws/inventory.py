"""What is in the buckets, page by page, in S3's own order."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from function.aws import clients
from function.domain.model import Document, Upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

T = TypeVar("T")


class Inventory:
    """Implements `reconcile.Inventory`; raises what `clients.translated` makes of a fault of S3."""

    def __init__(self, s3: "S3Client") -> None:
        self._s3 = s3

    async def versions(
        self, bucket: str, prefix: str, after: Document | None, limit: int
    ) -> tuple[list[Upload], Document | None]:
        """Object versions, without delete markers, and where the next page begins, if there is one."""
        page = await _ask(
            f"list versions of {bucket}",
            lambda: self._s3.list_object_versions(
                Bucket=bucket, Prefix=prefix, MaxKeys=limit, **(after or {})
            ),
        )
        uploads = [
            Upload(
                bucket=bucket,
                key=each["Key"],
                version_id=each["VersionId"],
                etag=each["ETag"].strip('"'),
                size=each["Size"],
                uploaded_at=each["LastModified"],
            )
            for each in page.get("Versions", [])
        ]
        if not page["IsTruncated"]:
            return uploads, None
        return uploads, {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}

    async def keys(
        self, bucket: str, prefix: str, after: str, limit: int
    ) -> tuple[list[tuple[str, datetime]], bool]:
        """Keys beyond `after` with the time each was written, and whether there are more."""
        page = await _ask(
            f"list {bucket}",
            lambda: self._s3.list_objects_v2(Bucket=bucket, Prefix=prefix, StartAfter=after, MaxKeys=limit),
        )
        return [(each["Key"], each["LastModified"]) for each in page.get("Contents", [])], page["IsTruncated"]

    async def find(self, bucket: str, key: str, version_id: str | None) -> Upload | None:
        """The object as it is there now, by default its current version; None if it is not."""
        return await _ask(
            f"HEAD of s3://{bucket}/{key}", lambda: clients.find(self._s3, bucket, key, version_id)
        )


async def _ask(what: str, request: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(request)
    except clients.FAULTS as error:
        raise clients.translated(f"S3 {what}", error) from error
