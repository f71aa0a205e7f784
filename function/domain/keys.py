"""Keys as a table can keep them, and the names of result and backup, made of the upload's own time. Pure."""

import hashlib
import re
from datetime import UTC, datetime
from pathlib import PurePosixPath

MAX_KEY_BYTES = 1024  # "Creating object key names", Amazon S3 User Guide
_STAMP = "%Y-%m-%d_%H-%M-%S"
_LONGEST = "results/{}/result.json"
_PAGE = "report.html"
_STAMP_BYTES = len("2025-09-02_14-30-00_")
_MARK_BYTES = len(".0123abcd")
_KEY_BYTES = MAX_KEY_BYTES - len(_LONGEST.format("")) - _STAMP_BYTES - _MARK_BYTES
_TAIL_BYTES = 64
# S3 allows NUL in a key, PostgreSQL in no text. U+2400 stands for it; U+241B before either sign means itself.
_NUL, _ESCAPE = "\u2400", "\u241b"
_TO_ESCAPE = re.compile(f"[{_NUL}{_ESCAPE}]")
_SIGN = re.compile(f"{_ESCAPE}([{_NUL}{_ESCAPE}])|{_NUL}")


def storable(key: str) -> str:
    """The key as table, result.json and derived names have it; no two keys share one."""
    return _TO_ESCAPE.sub(rf"{_ESCAPE}\g<0>", key).replace("\0", _NUL)


def original(stored: str) -> str:
    """The key in S3 of what `storable` made of it."""
    return _SIGN.sub(lambda sign: sign[1] or "\0", stored)


def stamped_name(key: str, uploaded_at: datetime, mark: str = "") -> str:
    """`in/data.csv` becomes `in/2025-09-02_14-30-00_data.csv`.

    Args:
        key: the object's key, made `storable`. One too long to take the additions is cut in the middle and
            carries a digest of itself in the gap, so that two keys never share a name.
        uploaded_at: the event's time.
        mark: a word that tells two versions uploaded within one second apart; goes before the suffix.
    """
    folder, slash, name = _fitted(storable(key)).rpartition("/")
    if mark:
        suffix = PurePosixPath(name).suffix
        name = f"{name.removesuffix(suffix)}.{mark}{suffix}"
    return f"{folder}{slash}{uploaded_at.astimezone(UTC).strftime(_STAMP)}_{name}"


def version_mark(version_id: str) -> str:
    """Eight hexadecimal digits that stand for a version in a name."""
    return hashlib.sha256(version_id.encode()).hexdigest()[: _MARK_BYTES - 1]


def result_key(stamped: str) -> str:
    """Key of result.json in the output bucket."""
    return _LONGEST.format(stamped)


def report_key(stamped: str) -> str:
    """Key of report.html, beside result.json."""
    return f"results/{stamped}/{_PAGE}"


def report_key_beside(result: str) -> str:
    """Key of the page, if there is one, of a result with this key."""
    return f"{result.rpartition('/')[0]}/{_PAGE}"


def is_report(key: str) -> bool:
    """Whether a key of the output bucket is that of a page; where it lies, its result is looked for."""
    return key.endswith(f"/{_PAGE}")


def backup_key(stamped: str) -> str:
    """Key of the copy in the backup bucket."""
    return f"backup/{stamped}"


def _fitted(key: str) -> str:
    raw = key.encode()
    if len(raw) <= _KEY_BYTES:
        return key
    gap = f"~{hashlib.sha256(raw).hexdigest()[:16]}~"
    tail = raw.rpartition(b"/")[2][-_TAIL_BYTES:].decode(errors="ignore")
    head = raw[: _KEY_BYTES - len(gap) - _TAIL_BYTES].decode(errors="ignore")
    return head + gap + tail
