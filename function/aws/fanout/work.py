"""What the steps of an execution leave for each other under `work/` of the output bucket, which expires."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from function.aws import clients
from function.aws.fanout import code
from function.domain import events, fanout
from function.domain.errors import DefectError, PipelineError
from function.domain.model import CsvObject, Document, Upload
from function.scan.parts.model import Merged, Part, Plan
from function.scan.parts.wire.body import pack, unpack
from function.scan.parts.wire.merged import merged_document, merged_of
from function.scan.parts.wire.part import part_document, part_of
from function.scan.parts.wire.plan import plan_document, plan_of
from function.scan.profile.distinct import Hashes, no_hashes

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_THREADS = 8  # the client keeps ten connections
_AHEAD = 16  # results that are in memory before their turn


class UnreadableError(PipelineError):
    """Not read in parts: S3 does not give the object, which is the verdict then, or the code has changed."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What all parts have in common: the object, how it is read, when that began, and by which code."""

    obj: CsvObject
    plan: Plan
    began_at: datetime
    code: str = field(default_factory=code.identity)

    def check_code(self) -> None:
        """Make sure that the parts are read, and merged, by the code that planned them.

        Raises:
            UnreadableError: another version of the function was deployed in the meantime.
        """
        if self.code != code.identity():
            raise UnreadableError("another version of the function was deployed while the parts were read")


class Work:
    """The intermediate results of executions. Its methods block.

    Each raises TransientError or SettingsError where S3 is at fault.
    """

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3, self._bucket = s3, bucket

    def write_plan(self, name: str, planned: Planned) -> None:
        """Store what all parts have in common."""
        document = {
            **fanout.notification(planned.obj),
            "plan": plan_document(planned.plan),
            "began_at": planned.began_at.isoformat(),
            "code": planned.code,
        }
        self._write(fanout.plan_key(name), document, no_hashes())

    def plan(self, name: str) -> Planned:
        """What all parts have in common."""
        document, _ = unpack(self._bytes(fanout.plan_key(name)))
        [upload] = events.parse(document)
        began_at = datetime.fromisoformat(document["began_at"])
        return Planned(_pinned(upload), plan_of(document["plan"]), began_at, document["code"])

    def write_part(self, name: str, part: Part) -> None:
        """Store the result of a part; an earlier one is replaced."""
        self._write(fanout.part_key(name, part.number), *part_document(part))

    def write_unreadable(self, name: str, part: int, reason: str) -> None:
        """Store that the bytes of a part cannot be had."""
        self._write(fanout.part_key(name, part), {"unreadable": reason}, no_hashes())

    def parts(self, name: str, count: int) -> Iterator[Part]:
        """The results of all parts in order; only the next few are in memory.

        Raises:
            UnreadableError: of one of them, the bytes could not be had.
        """
        with ThreadPoolExecutor(_THREADS, "results") as threads:
            ahead: deque[Future[bytes]] = deque()
            for number in range(count):
                ahead.append(threads.submit(self._bytes, fanout.part_key(name, number)))
                if len(ahead) == _AHEAD:
                    yield _part(ahead.popleft().result())
            while ahead:
                yield _part(ahead.popleft().result())

    def write_merged(self, name: str, merged: Merged) -> None:
        """Store what all parts say together."""
        self._write(fanout.merged_key(name), *merged_document(merged))

    def merged(self, name: str) -> Merged:
        """What all parts say together."""
        return merged_of(*unpack(self._bytes(fanout.merged_key(name))))

    def _write(self, key: str, document: Document, hashes: Hashes) -> None:
        body = pack(document, hashes)
        try:
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body)
        except clients.FAULTS as error:
            raise clients.translated(f"S3 PUT of s3://{self._bucket}/{key}", error) from error

    def _bytes(self, key: str) -> bytes:
        try:
            with closing(self._s3.get_object(Bucket=self._bucket, Key=key)["Body"]) as body:
                return body.read()
        except clients.FAULTS as error:
            raise clients.translated(f"S3 GET of s3://{self._bucket}/{key}", error) from error


def _part(body: bytes) -> Part:
    document, hashes = unpack(body)
    if reason := document.get("unreadable"):
        raise UnreadableError(reason)
    return part_of(document, hashes)


def _pinned(upload: Upload | PipelineError) -> CsvObject:
    if isinstance(upload, PipelineError) or upload.version_id is None:
        raise DefectError(f"a plan names no object version: {upload}")
    return CsvObject(
        upload.bucket, upload.key, upload.version_id, upload.etag, upload.size, upload.uploaded_at
    )
