"""What is said of a file: result.json. Pure."""

import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from function.domain import keys
from function.domain.content import Scan
from function.domain.csv_document import ALL, Disclosure, csv_document
from function.domain.errors import ErrorCode, FileError
from function.domain.model import CsvObject, Document

SCHEMA_VERSION = 2
_OUT_OF_REACH = (ErrorCode.OBJECT_GONE, ErrorCode.NOT_READABLE)  # nobody can copy what nobody can read
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Timing:
    """When things happened (UTC), and how long the scan took in milliseconds."""

    received_at: datetime
    started_at: datetime
    finished_at: datetime
    scan_ms: int


class HtmlReport(StrEnum):
    """Of which files there is a page, report.html, beside result.json."""

    NEVER = "never"
    DOUBT = "doubt"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Destinations:
    """The buckets that results and backups go to, and whether a page goes with a result."""

    output_bucket: str
    backup_bucket: str
    html_report: HtmlReport = HtmlReport.DOUBT


def document(
    obj: CsvObject,
    scan: Scan,
    stamped: str,
    to: Destinations,
    timing: Timing,
    *,
    newer: CsvObject | None = None,
    parts: Document | None = None,
    disclosure: Disclosure = ALL,
    replayed: bool = False,
) -> Document:
    """Build result.json.

    Args:
        obj: the object version that was read.
        scan: what reading it gave; its error, if any, decides the status.
        stamped: the upload's stamped name.
        to: the buckets.
        timing: `finished_at` is when the verdict was reached.
        newer: the version that took this one's place at once, so that no message is sent; if any.
        parts: `contract` and `series`.
        disclosure: what of the content may be repeated.
        replayed: whether the version had a verdict before, and maybe a page that is to be overwritten.
    """
    result: Document = {
        "schema_version": SCHEMA_VERSION,
        "status": "failed" if scan.error else "succeeded",
        "source": _source(obj, scan, newer),
        "csv": csv_document(scan.profile, disclosure) if scan.profile else None,
        "error": error_document(scan.error, disclosure) if scan.error else None,
        "output": {"bucket": to.output_bucket, "key": keys.result_key(stamped)},
        "report": None,
        "backup": None if _is_lost(scan) else {"bucket": to.backup_bucket, "key": keys.backup_key(stamped)},
        "timing": _timing(timing),
        **(parts or {}),
    }
    if _has_page(result, to.html_report, replayed):
        result["report"] = {"bucket": to.output_bucket, "key": keys.report_key(stamped)}
    return {key: storable(value) for key, value in result.items()}


def _is_lost(scan: Scan) -> bool:
    return scan.error is not None and scan.error.code in _OUT_OF_REACH


def is_told(result: Document) -> bool:
    """Whether a message is sent of it; results of earlier releases do not say."""
    return not result["source"].get("superseded_by")


def _has_page(result: Document, wanted: HtmlReport, replayed: bool) -> bool:
    """Whether a page is made: on a failure or a doubt, unless it is wanted always or never."""
    if wanted is HtmlReport.NEVER or not is_told(result):
        return False
    doubtful = result["error"] or result["csv"]["warnings"] or (result.get("series") or {}).get("remarks")
    return wanted is HtmlReport.ALWAYS or replayed or bool(doubtful)


def error_document(error: FileError, disclosure: Disclosure = ALL) -> Document:
    """The `error` part of result.json."""
    message = error.message if disclosure.excerpts else error.unquoted
    return {"code": error.code, "message": message, "line": error.line, "column": error.column}


def _source(obj: CsvObject, scan: Scan, newer: CsvObject | None) -> Document:
    return {
        "bucket": obj.bucket,
        "key": keys.storable(obj.key),
        "version_id": obj.version_id,
        "etag": obj.etag,
        "size_bytes": obj.size,
        "sha256": scan.sha256,
        "sha256_parts": asdict(scan.parts) if scan.parts else None,
        "identical_to": None,  # only the table knows, see `claims.Claims.record`
        "superseded_by": _version(newer) if newer else None,
        "uploaded_at": _rfc3339(obj.uploaded_at),
    }


def _timing(timing: Timing) -> Document:
    return {
        "received_at": _rfc3339(timing.received_at),
        "started_at": _rfc3339(timing.started_at),
        "finished_at": _rfc3339(timing.finished_at),
        "scan_ms": timing.scan_ms,
    }


def _version(obj: CsvObject) -> Document:
    return {"version_id": obj.version_id, "uploaded_at": _rfc3339(obj.uploaded_at)}


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def storable(value: Any) -> Any:
    """The value with U+2400 for NUL and U+FFFD for a lone surrogate: jsonb takes neither."""
    match value:
        case str():
            return _SURROGATES.sub("\ufffd", value.replace("\0", "\u2400"))
        case dict():
            return {storable(key): storable(each) for key, each in value.items()}
        case list() | tuple():
            return [storable(each) for each in value]
    return value
