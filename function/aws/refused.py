"""Objects that S3 keeps but does not hand out: a verdict on the file, or a fault of the deployment.

A verdict is given only on evidence that speaks of this object: S3's own word for it, or a refusal beside
which other objects of the bucket may be read. In doubt it stays a fault, which is retried and kept. See
docs/adr/0004-refused-objects.md.
"""

import re
import shlex
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from function.aws import clients
from function.domain.errors import ErrorCode, FileError
from function.domain.model import CsvObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PROBES = 5
# "Decrypt", AWS KMS API reference, as S3 passes it on; those that a later attempt may not see are left out.
_KEY_REFUSED = frozenset(
    f"KMS.{name}"
    for name in (
        "AccessDeniedException",
        "DisabledException",
        "IncorrectKeyException",
        "InvalidCiphertextException",
        "InvalidKeyUsageException",
        "InvalidStateException",
        "KMSInvalidStateException",
        "NotFoundException",
    )
)
# In S3's text of an AccessDenied: the action that was not allowed, the ARN of a key, or the words of KMS.
_SPEAKS_OF_A_KEY = re.compile(r"\bperform: kms:|\barn:[\w-]+:kms:|customer master key|KMS key")
_CUSTOMERS_KEY = "server side encryption"


def verdict(s3: "S3Client", obj: CsvObject, error: BaseException) -> FileError | None:
    """What a refused GET says of the object; None where it says nothing certain of this object alone.

    Asks S3 again only after a plain AccessDenied: one HEAD, and at most one list and six HEADs more.
    """
    if not isinstance(error, ClientError):
        return None
    code, said = clients.code(error), str(error.response["Error"].get("Message", ""))
    if code == "InvalidObjectState":
        return _archived(obj, str(error.response["Error"].get("StorageClass", "an archive")))
    if code == "InvalidRequest" and _CUSTOMERS_KEY in said.lower():
        return _not_readable(
            "it is encrypted with a key that only the uploader has (SSE-C); upload it without such a key"
        )
    if code in _KEY_REFUSED or (code == "AccessDenied" and _SPEAKS_OF_A_KEY.search(said)):
        return _key_refused(obj, f"{code}: {said}")
    return _denied(s3, obj, said) if code == "AccessDenied" else None


def _denied(s3: "S3Client", obj: CsvObject, said: str) -> FileError | None:
    """Who is at fault for an AccessDenied that does not say why."""
    try:
        encryption = _head(s3, obj.bucket, obj.key, obj.version_id)
        if encryption is not None:  # the object is open to us, so it must be its key that is not
            return _key_refused(obj, said) if encryption.startswith("aws:kms") else None
        alone = _others_may_be_read(s3, obj) and _head(s3, obj.bucket, obj.key, obj.version_id) is None
    except clients.FAULTS:  # a question without an answer proves nothing: the refusal stays the fault it was
        return None
    if not alone:
        return None
    return _not_readable(
        f"S3 refuses it to the function ({said}), although others of the bucket may be read; look for a"
        f" bucket policy or an owner that keeps it closed, then: {_replay(obj)}"
    )


def _others_may_be_read(s3: "S3Client", obj: CsvObject) -> bool:
    """Whether at least one of a few other objects, from the whole of the list's first page, is open to us."""
    page = s3.list_object_versions(Bucket=obj.bucket)
    others = [each for each in page.get("Versions", []) if each["Key"] != obj.key]
    spread = others[:: max(1, len(others) // _PROBES)][:_PROBES]
    return any(_head(s3, obj.bucket, each["Key"], each["VersionId"]) is not None for each in spread)


def _head(s3: "S3Client", bucket: str, key: str, version_id: str) -> str | None:
    """How the version is encrypted; None if HEAD is refused, which takes the permission that GET takes."""
    try:
        head = s3.head_object(Bucket=bucket, Key=key, VersionId=version_id)
    except ClientError as error:
        if clients.code(error) in {"403", "AccessDenied"}:
            return None
        raise
    return head.get("ServerSideEncryption", "")


def _archived(obj: CsvObject, storage_class: str) -> FileError:
    restore = shlex.join(
        (
            *("aws", "s3api", "restore-object", "--bucket", obj.bucket, "--key", obj.key),
            *("--version-id", obj.version_id, "--restore-request", "Days=7"),
        )
    )
    return _not_readable(
        f"its storage class, {storage_class}, keeps it archived; restore it: {restore};"
        f" once that is done: {_replay(obj)}"
    )


def _key_refused(obj: CsvObject, said: str) -> FileError:
    return _not_readable(
        f"the KMS key it is encrypted with is refused to the function ({said}); enable the key, and let the"
        f" function's role use it (kms:Decrypt), then: {_replay(obj)}; or upload it without that key"
    )


def _not_readable(why: str) -> FileError:
    return FileError(ErrorCode.NOT_READABLE, f"The object cannot be opened: {why}")


def _replay(obj: CsvObject) -> str:
    return shlex.join(("pipeline", "replay", obj.key, "--version", obj.version_id))
