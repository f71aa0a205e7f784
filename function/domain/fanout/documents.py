"""What an execution is started with. Pure."""

from datetime import UTC
from urllib.parse import quote_plus

from function.domain.model import CsvObject, Document, Upload


def notification(upload: Upload) -> Document:
    """The S3 notification that `events.parse` reads as this upload."""
    item = {"key": quote_plus(upload.key, safe="/"), "size": upload.size, "eTag": upload.etag}
    if upload.version_id:
        item["versionId"] = upload.version_id
    moment = upload.uploaded_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {
        "Records": [
            {
                "eventSource": "aws:s3",
                "eventName": "ObjectCreated:Put",
                "eventTime": moment,
                "s3": {"bucket": {"name": upload.bucket}, "object": item},
            }
        ]
    }


def execution_input(name: str, obj: CsvObject, count: int) -> Document:
    """What an execution is started with; `event` is sent to the worker again if the execution fails."""
    return {"name": name, "count": count, "event": notification(obj)}
