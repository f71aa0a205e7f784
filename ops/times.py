"""Times for people: in the local time zone, or in UTC."""

from datetime import UTC, datetime


def shown(moment: str | None, *, utc: bool) -> str:
    """A time (ISO 8601, with its zone) to the second in the zone of the reader; empty if None."""
    if moment is None:
        return ""
    parsed = datetime.fromisoformat(moment)
    return f"{parsed.astimezone(UTC if utc else None):%Y-%m-%d %H:%M:%S}"


def zone(*, utc: bool) -> str:
    """The name of the zone in which times are shown."""
    return "UTC" if utc else f"{datetime.now().astimezone():%Z}"
