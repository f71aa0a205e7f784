"""Times for people: in the local time zone, or in UTC."""

from datetime import UTC, datetime


def shown(moment: str | None, *, utc: bool) -> str:
    """A time as PostgreSQL or result.json has it (ISO 8601) to the second, with its zone; empty if none."""
    if moment is None:
        return ""
    parsed = datetime.fromisoformat(moment)
    return f"{parsed.astimezone(UTC if utc else None):%Y-%m-%d %H:%M:%S}"


def zone(*, utc: bool) -> str:
    """The name of the zone in which times are shown."""
    return "UTC" if utc else f"{datetime.now().astimezone():%Z}"
