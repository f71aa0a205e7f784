"""Files into the input bucket of a deployed stack, and the wait for their verdicts."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from boto3.s3.transfer import TransferConfig

from ops.deployed.deployment import Deployment, RefusedError
from ops.run.inputs import Input

Row = dict[str, Any]
_PART_BYTES = 16 * 1024 * 1024  # S3 takes 10,000 parts at most: 160 GB
_SHORT_PAUSE, _LONG_PAUSE = 1.0, 5.0


@dataclass(frozen=True, slots=True)
class Sent:
    """A version that was uploaded."""

    key: str
    version_id: str


def refuse_unnoticed(deployment: Deployment, keys: list[str]) -> None:
    """Refuse keys that the bucket's notification does not let pass.

    Raises:
        RefusedError: the function would never hear of such a file; names the first key and what passes.
    """
    filters = deployment.key_filters()
    for key in keys if filters else ():  # without any, `pipeline doctor` says what is wrong
        if not any(key.startswith(each.prefix) and key.endswith(each.suffix) for each in filters):
            passing = ", ".join(f"{each.prefix}*{each.suffix}" for each in filters[:10])
            raise RefusedError(f"{key}: the input bucket's notification lets pass only {passing}")


def send(
    deployment: Deployment,
    item: Input,
    key: str,
    instructions: Mapping[str, str],
    sent: Callable[[int], None],
) -> Sent:
    """Upload one file, in parts where it is large.

    Args:
        deployment: where to.
        item: the file.
        key: under which it is kept.
        instructions: `csv-…` instructions for the reader, kept as the object's metadata.
        sent: called with each number of further bytes that left.
    """
    s3 = deployment.session.client("s3")
    answers: list[Mapping[str, Any]] = []
    for operation in ("PutObject", "CompleteMultipartUpload"):  # upload_fileobj does not return the version
        s3.meta.events.register(f"after-call.s3.{operation}", lambda parsed, **_: answers.append(parsed))
    with item.open() as content:
        s3.upload_fileobj(
            content,
            deployment.names.input_bucket,
            key,
            ExtraArgs={"ContentType": "text/csv", "Metadata": dict(instructions)},
            Callback=sent,
            Config=TransferConfig(multipart_chunksize=_PART_BYTES, multipart_threshold=_PART_BYTES),
        )
    return Sent(key, answers[-1].get("VersionId", "null"))


def verdict(deployment: Deployment, sent: Sent, deadline: float) -> Row | None:
    """The row of a version once it is finished; at `deadline` (of `time.monotonic`) as it is then."""
    pause = _SHORT_PAUSE
    while True:
        rows = deployment.ask("versions", key=sent.key)["rows"]
        row = next((row for row in rows if row["version_id"] == sent.version_id), None)
        if (row and row["finished_at"]) or time.monotonic() > deadline:
            return row
        time.sleep(pause)
        pause = min(_LONG_PAUSE, pause * 1.5)
