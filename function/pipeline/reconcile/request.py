"""What a reconciliation is asked, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self, TypeVar

from function.domain.errors import EventError
from function.domain.model import Document, Upload

PASSES = ("uploads", "unfinished", "results", "backups")
_SAMPLES = 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request:
    """What to reconcile.

    Attributes:
        bucket: the input bucket.
        prefix: only keys that begin so. With a prefix or a date, only uploads without a row are looked for.
        since: only versions written at or after this time.
        suffixes: only keys that end in one of these, as the bucket's notification has it; empty for all.
        grace: what is younger is left to its event.
        dry_run: report, and do nothing.
        position: where an earlier run stopped.
    """

    bucket: str
    prefix: str = ""
    since: datetime | None = None
    suffixes: tuple[str, ...] = ()
    grace: timedelta = timedelta(minutes=5)
    dry_run: bool = False
    position: Document | None = None

    @property
    def passes(self) -> tuple[str, ...]:
        """The passes to make, in order."""
        return PASSES[:1] if self.prefix or self.since else PASSES

    def includes(self, upload: Upload) -> bool:
        """Whether the upload is one that should have a row by now."""
        return (
            upload.uploaded_at < datetime.now(UTC) - self.grace
            and (self.since is None or upload.uploaded_at >= self.since)
            and (not self.suffixes or upload.key.endswith(self.suffixes))
            and not upload.is_folder_marker
        )

    @classmethod
    def parse(cls, event: Mapping[str, Any]) -> Self:
        """Read an event's words.

        Raises:
            EventError: naming the word that is missing or wrong.
        """
        try:
            request = cls(
                bucket=_of(str, event["bucket"]),
                prefix=_of(str, event.get("prefix") or ""),
                since=datetime.fromisoformat(event["since"]) if event.get("since") else None,
                suffixes=tuple(_of(str, each) for each in _of(list, event.get("suffixes") or [])),
                grace=timedelta(seconds=event.get("grace_seconds", 300)),
                dry_run=bool(event.get("dry_run")),
                position=_of(dict, event["position"]) if event.get("position") else None,
            )
        except KeyError as error:
            raise EventError(f"reconcile: {error} is missing") from None
        except (TypeError, ValueError, OverflowError) as error:
            raise EventError(f"reconcile: {error}") from None
        if request.since and request.since.tzinfo is None:
            request = replace(request, since=request.since.replace(tzinfo=UTC))
        if request.position and request.position.get("pass") not in request.passes:
            raise EventError(f"reconcile: there is no position {request.position!r}")
        return request


def _of(kind: type[T], value: object) -> T:
    """The value, if it is of that kind; a TypeError if not."""
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is not {kind.__name__}")
    return value


@dataclass(slots=True)
class ReconcileReport:
    """What was found and done; counts, and a few examples of each trouble."""

    found: int = 0
    redriven: int = 0
    stuck: int = 0
    without_row: int = 0
    unfinished: int = 0
    missing_results: int = 0
    missing_backups: int = 0
    orphans: int = 0
    samples: dict[str, list[str]] = field(default_factory=dict)
    position: Document | None = None

    def note(self, what: str, name: str) -> None:
        """Count one more of a trouble, and keep its name if there is room."""
        setattr(self, what, getattr(self, what) + 1)
        names = self.samples.setdefault(what, [])
        if len(names) < _SAMPLES:
            names.append(name)
