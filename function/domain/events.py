"""From the event that Lambda passes to the uploads that it names. Pure.

Source: "Event message structure" in the Amazon S3 User Guide, versions 2.0 to 2.3.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

from function.domain.errors import EventError
from function.domain.model import Upload


def parse(event: Mapping[str, Any]) -> tuple[Upload | EventError, ...]:
    """The uploads of one S3 notification, in its order; none for S3's test message and for folder markers.

    A record that is none of ours stands as the EventError that says why, so that the others have their turn.

    Raises:
        EventError: the payload is not a notification; the message says what it lacks.
    """
    if event.get("Event") == "s3:TestEvent":  # sent once, when a bucket's notification is configured
        return ()
    records = event.get("Records")
    if not isinstance(records, list) or not records:
        raise EventError(f"not an S3 notification: no Records in an event with {_names(event)}")
    uploads = (_read(record, f"Records[{index}]") for index, record in enumerate(records))
    return tuple(each for each in uploads if isinstance(each, EventError) or not each.is_folder_marker)


def _read(record: Any, place: str) -> Upload | EventError:
    try:
        return _upload(record, place)
    except EventError as error:
        return error


def _upload(record: Any, place: str) -> Upload:
    try:
        name = record["eventName"]
        # "ObjectCreated:Put" in notifications, "s3:ObjectCreated:Put" in some senders
        if not name.removeprefix("s3:").startswith("ObjectCreated:"):
            raise EventError(f"{place} is a {name} event; only ObjectCreated events are for this function")
        bucket, item = record["s3"]["bucket"]["name"], record["s3"]["object"]
        return Upload(
            bucket=bucket,
            key=unquote_plus(item["key"]),
            version_id=item.get("versionId") or None,
            etag=item.get("eTag", "").strip('"'),
            size=int(item.get("size", 0)),
            uploaded_at=_utc(record["eventTime"]),
        )
    except KeyError as error:
        raise EventError(f"{place} is not an S3 record: no {error}") from None
    except (AttributeError, TypeError, ValueError) as error:
        raise EventError(f"{place} is not an S3 record: {error}") from None


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _names(event: Mapping[str, Any]) -> str:
    return ", ".join(sorted(map(str, event))[:10]) or "no fields"
