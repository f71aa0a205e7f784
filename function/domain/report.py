"""What is said of a file: result.json and the message. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from function.domain import keys, warnings_text
from function.domain.content import Scan
from function.domain.csv_document import csv_document
from function.domain.errors import ErrorCode, FileError
from function.domain.model import CsvObject, Document, Message

SCHEMA_VERSION = 1
_OUT_OF_REACH = (ErrorCode.OBJECT_GONE, ErrorCode.NOT_READABLE)  # nobody can copy what nobody can read
_SUBJECT_CHARACTERS = 100  # API reference of SNS Publish: at most 100, ASCII, no line breaks
# SNS takes 262,144 bytes; people read less
_COLUMNS_NAMED = 20
_NAME_CHARACTERS = 60
_REASON_CHARACTERS = 2000
_CONTROLS = re.compile("[\x00-\x1f\x7f\ufffe\uffff]")  # what no mail, and no XML, carries
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Timing:
    """When things happened (UTC), and how long the scan took in milliseconds."""

    received_at: datetime
    started_at: datetime
    finished_at: datetime
    scan_ms: int


@dataclass(frozen=True, slots=True)
class Destinations:
    """The buckets that results and backups go to."""

    output_bucket: str
    backup_bucket: str


def document(
    obj: CsvObject,
    scan: Scan,
    stamped: str,
    to: Destinations,
    timing: Timing,
    *,
    newer: CsvObject | None = None,
) -> Document:
    """Build result.json.

    Args:
        obj: the object version that was read.
        scan: what reading it gave; its error, if any, decides the status.
        stamped: the upload's stamped name.
        to: the buckets.
        timing: `finished_at` is when the verdict was reached.
        newer: the version that took this one's place at once, so that no message is to be sent.
    """
    error = scan.error
    lost = error is not None and error.code in _OUT_OF_REACH
    result = {
        "schema_version": SCHEMA_VERSION,
        "status": "failed" if error else "succeeded",
        "source": _source(obj, scan.sha256, newer),
        "csv": csv_document(scan.profile) if scan.profile else None,
        "error": error_document(error) if error else None,
        "output": {"bucket": to.output_bucket, "key": keys.result_key(stamped)},
        "backup": None if lost else {"bucket": to.backup_bucket, "key": keys.backup_key(stamped)},
        "timing": {
            "received_at": _rfc3339(timing.received_at),
            "started_at": _rfc3339(timing.started_at),
            "finished_at": _rfc3339(timing.finished_at),
            "scan_ms": timing.scan_ms,
        },
    }
    return {key: _storable(value) for key, value in result.items()}


def is_told(result: Document) -> bool:
    """Whether a message is sent of it; results of earlier releases do not say."""
    return not result["source"].get("superseded_by")


def error_document(error: FileError) -> Document:
    """The `error` part of result.json."""
    return {"code": error.code, "message": error.message, "line": error.line, "column": error.column}


def message(result: Document) -> Message:
    """The notification for a result: what people read first, in the order in which they ask."""
    return Message(
        subject=_ascii(_headline(result), _SUBJECT_CHARACTERS),
        body="\n".join(f"{label:<10}{_CONTROLS.sub('?', text)}".lstrip() for label, text in _lines(result)),
        attributes={"status": result["status"], "bucket": result["source"]["bucket"]},
    )


def _source(obj: CsvObject, sha256: str | None, newer: CsvObject | None) -> Document:
    return {
        "bucket": obj.bucket,
        "key": keys.storable(obj.key),
        "version_id": obj.version_id,
        "etag": obj.etag,
        "size_bytes": obj.size,
        "sha256": sha256,
        "identical_to": None,  # only the table knows, see `claims.Claims.record`
        "superseded_by": _version(newer) if newer else None,
        "uploaded_at": _rfc3339(obj.uploaded_at),
    }


def _version(obj: CsvObject) -> Document:
    return {"version_id": obj.version_id, "uploaded_at": _rfc3339(obj.uploaded_at)}


def _headline(result: Document) -> str:
    name = result["source"]["key"].rpartition("/")[2]
    if result["error"]:
        return f"CSV failed ({result['error']['code']}): {name}"
    doubtful = f" with {number}" if (number := warnings_text.number(result)) else ""
    return f"CSV succeeded{doubtful}, {_count(result['csv']['rows'], 'row')}: {name}"


def _lines(result: Document) -> list[tuple[str, str]]:
    source, error, backup = result["source"], result["error"], result["backup"]
    lines = [("Status", result["status"]), ("File", f"s3://{source['bucket']}/{source['key']}")]
    if error:
        place = f"line {error['line']}: " if error["line"] else ""
        lines.append(("Error", f"{error['code']}: {place}{_short(error['message'], _REASON_CHARACTERS)}"))
    if result["csv"]:
        lines += [_rows(result["csv"]), *(("Doubt", text) for text in warnings_text.lines(result))]
        lines.append(_columns(result["csv"]))
    lines += [
        ("Uploaded", f"{source['uploaded_at']} ({_count(source['size_bytes'], 'byte')})"),
        ("Version", source["version_id"]),
        ("SHA-256", source["sha256"] or "unknown"),
    ]
    if duplicate := source["identical_to"]:
        lines.append(("Note", f"identical to {duplicate['key']} of {duplicate['uploaded_at']}"))
    lines += [
        ("", ""),
        ("", "Written beside this message:"),
        ("Result", f"s3://{result['output']['bucket']}/{result['output']['key']}"),
    ]
    if backup:
        lines.append(("Backup", f"s3://{backup['bucket']}/{backup['key']}"))
    return lines


def _rows(csv: Document) -> tuple[str, str]:
    records = csv["records"]
    return "Rows", f"{csv['rows']:,} ({records['rejected']:,} rejected, {records['blank']:,} blank)"


def _columns(csv: Document) -> tuple[str, str]:
    columns = csv["columns"]
    named = ", ".join(f"{_short(column['name'])} ({column['type']})" for column in columns[:_COLUMNS_NAMED])
    more = f" and {len(columns) - _COLUMNS_NAMED:,} more" if len(columns) > _COLUMNS_NAMED else ""
    return "Columns", f"{len(columns):,}: {named}{more}"


def _short(text: str, limit: int = _NAME_CHARACTERS) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _ascii(text: str, limit: int) -> str:
    """`text` in printable ASCII, the middle cut out of what is longer than `limit`: a suffix says a lot."""
    plain = "".join(each if " " <= each <= "~" else "?" for each in text)
    if len(plain) <= limit:
        return plain
    half = (limit - 3) // 2
    return f"{plain[: limit - 3 - half]}...{plain[-half:]}"


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _storable(value: Any) -> Any:
    """PostgreSQL's jsonb takes neither NUL nor a lone surrogate: show U+2400 and U+FFFD in their place."""
    match value:
        case str():
            return _SURROGATES.sub("\ufffd", value.replace("\0", "\u2400"))
        case dict():
            return {_storable(key): _storable(each) for key, each in value.items()}
        case list() | tuple():
            return [_storable(each) for each in value]
    return value
