"""The effects of a verdict: result.json, its page, the backup copy and the notification, concurrently."""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from function.aws import clients
from function.domain import report
from function.domain.errors import ErrorCode, FileError
from function.domain.message import message
from function.domain.model import Claim, CsvObject, Document, Effects, Message, Receipt

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CopySourceTypeDef, PutObjectRequestTypeDef
    from mypy_boto3_sns import SNSClient

_LOG = logging.getLogger(__name__)
# CopyObject takes up to 5 GiB, but in one go: it would outlast the client's time-out. Parts go side by side.
SINGLE_COPY_BYTES = 256 * 1024**2
_BACKUP_CLASS: Final = "STANDARD"  # whatever the upload was stored as: a backup can be read at once


class Delivery:
    """Implements `ports.Delivery`."""

    def __init__(
        self, s3: "S3Client", sns: "SNSClient", topic_arn: str, single_copy_bytes: int = SINGLE_COPY_BYTES
    ) -> None:
        self._s3 = s3
        self._sns = sns
        self._topic_arn = topic_arn
        self._single_copy_bytes = single_copy_bytes

    async def deliver(self, claim: Claim, obj: CsvObject, result: Document) -> Receipt:
        """Do what `claim.effects` lacks: each effect is tried, each failure reported, none raised.

        Result and backup are written on condition that nothing has their name yet. A name belongs to one
        object version, so a repetition finds its own earlier work, and never makes a second copy. Only the
        result of a replay takes the place of an older one. The page is written over what is there; it belongs
        to the result, which is not known to be done before the page is.
        """
        done = claim.effects
        wrote, drew, copied, sent = await asyncio.gather(
            _effect(done.result, "result.json", lambda: self._write(claim, result)),
            _effect(done.result or not result.get("report"), "report.html", lambda: self._draw(result)),
            _effect(done.backup or not result["backup"], "backup", lambda: self._back_up(claim, obj, result)),
            _effect(
                done.notified or not report.is_told(result),
                "notification",
                lambda: self._publish(message(result)),
            ),
            return_exceptions=True,  # a TaskGroup would return while the other threads still send
        )
        outcomes = (wrote, drew, copied, sent)
        for each in outcomes:
            if isinstance(each, BaseException) and not isinstance(each, Exception):
                raise each
        gone = isinstance(copied, FileError)
        if gone:
            _LOG.error(
                "no backup", extra={"key": obj.key, "version_id": obj.version_id, "reason": str(copied)}
            )
        return Receipt(
            effects=Effects(
                result=wrote is None and drew is None,
                backup=copied is None or gone,
                notified=sent is None,
            ),
            faults=tuple(
                each for each in outcomes if isinstance(each, Exception) and not isinstance(each, FileError)
            ),
            backup_lost=gone,
        )

    def _write(self, claim: Claim, result: Document) -> None:
        put: PutObjectRequestTypeDef = {
            "Bucket": result["output"]["bucket"],
            "Key": result["output"]["key"],
            "Body": json.dumps(result, ensure_ascii=False, indent=2).encode(),
            "ContentType": "application/json",
        }
        if not claim.replays:
            put["IfNoneMatch"] = "*"
        self._s3.put_object(**put)

    def _draw(self, result: Document) -> None:
        from function.report_page import html  # noqa: PLC0415 the template engine is of no use to most files

        self._s3.put_object(
            Bucket=result["report"]["bucket"],
            Key=result["report"]["key"],
            Body=html(result).encode(),
            ContentType="text/html; charset=utf-8",
        )

    def _back_up(self, claim: Claim, obj: CsvObject, result: Document) -> None:
        bucket, key = result["backup"]["bucket"], result["backup"]["key"]
        if claim.attempts > 1 and clients.head(self._s3, bucket, key):
            return  # by an attempt that died before it could say so
        source: CopySourceTypeDef = {"Bucket": obj.bucket, "Key": obj.key, "VersionId": obj.version_id}
        if obj.size > self._single_copy_bytes:
            from function.aws import copy_in_parts  # noqa: PLC0415 for few files

            copy_in_parts.copy(
                self._s3,
                source,
                bucket,
                key,
                storage_class=_BACKUP_CLASS,
                larger_than=self._single_copy_bytes,
            )
        else:
            self._s3.copy_object(
                CopySource=source, Bucket=bucket, Key=key, IfNoneMatch="*", StorageClass=_BACKUP_CLASS
            )

    async def announce(self, told: Message) -> None:
        """Send a message that is not about one file.

        Raises:
            TransientError, SettingsError: SNS cannot be reached, or may not be.
        """
        await _effect(False, "notification", lambda: self._publish(told))

    def _publish(self, told: Message) -> None:
        self._sns.publish(
            TopicArn=self._topic_arn,
            Subject=told.subject,
            Message=told.body,
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value} for name, value in told.attributes.items()
            },
        )


async def _effect(done: bool, name: str, do: Callable[[], None]) -> None:
    if done:
        return
    try:
        await asyncio.to_thread(do)
    except clients.FAULTS as error:
        if clients.code(error) == "PreconditionFailed":  # it is there already
            return
        if name == "backup" and clients.code(error) in {"NoSuchKey", "NoSuchVersion"}:
            raise FileError(ErrorCode.OBJECT_GONE, f"{name}: {error}") from error
        raise clients.translated(name, error) from error
