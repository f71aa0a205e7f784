"""Objects that S3 stores but does not return: a verdict on the file, or a fault of the deployment.

A verdict needs evidence about this object: S3's error names it, or S3 refuses this object and other objects
of the bucket can be read. Otherwise it stays a fault, which is retried and kept. See
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
# "Decrypt", AWS KMS API reference, as S3 returns it; without the temporary ones.
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
# In S3's text of an AccessDenied: the action that was not allowed, the ARN of a key, or the text of KMS.
_SPEAKS_OF_A_KEY = re.compile(r"\bperform: kms:|\barn:[\w-]+:kms:|customer master key|KMS key")
_CUSTOMERS_KEY = "server side encryption"


def verdict(s3: "S3Client", obj: CsvObject, error: BaseException) -> FileError | None:
    """The verdict on an object whose GET was refused; None if the refusal may not be about this object.

    After an AccessDenied without a reason it sends one HEAD, then at most one list and six HEADs.
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
    """The verdict on an AccessDenied without a reason."""
    try:
        encryption = _head(s3, obj.bucket, obj.key, obj.version_id)
        if encryption is not None:  # HEAD is allowed, so the key must be refused
            return _key_refused(obj, said) if encryption.startswith("aws:kms") else None
        alone = _others_may_be_read(s3, obj) and _head(s3, obj.bucket, obj.key, obj.version_id) is None
    except clients.FAULTS:  # no evidence: the refusal stays a fault
        return None
    if not alone:
        return None
    return _not_readable(
        f"S3 refuses it to the function ({said}), but not other objects of the bucket; correct the"
        f" bucket policy or the owner of the object, then: {_replay(obj)}"
    )


def _others_may_be_read(s3: "S3Client", obj: CsvObject) -> bool:
    """Whether the function may read one of a few other objects, spread over the first page of the list."""
    page = s3.list_object_versions(Bucket=obj.bucket)
    others = [each for each in page.get("Versions", []) if each["Key"] != obj.key]
    spread = others[:: max(1, len(others) // _PROBES)][:_PROBES]
    return any(_head(s3, obj.bucket, each["Key"], each["VersionId"]) is not None for each in spread)


def _head(s3: "S3Client", bucket: str, key: str, version_id: str) -> str | None:
    """How the version is encrypted; None if HEAD is refused, which needs the same permission as GET."""
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
        f"it is archived in storage class {storage_class}; restore it: {restore}; after that: {_replay(obj)}"
    )


def _key_refused(obj: CsvObject, said: str) -> FileError:
    return _not_readable(
        f"the function may not use the KMS key that encrypts it ({said}); enable the key, and allow the"
        f" function's role kms:Decrypt, then: {_replay(obj)}; or upload it without that key"
    )


def _not_readable(why: str) -> FileError:
    return FileError(ErrorCode.NOT_READABLE, f"The object cannot be read: {why}")


def _replay(obj: CsvObject) -> str:
    return shlex.join(("pipeline", "replay", obj.key, "--version", obj.version_id))
