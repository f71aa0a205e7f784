"""The profile as the `csv` part of result.json; docs/result.schema.json describes it."""

from dataclasses import asdict
from typing import Any

from function.domain.content import Profile

_CHARACTERS = 1000


def csv_document(profile: Profile) -> dict[str, Any]:
    """A JSON-ready document of the profile, of bounded size whatever a field holds."""
    return {"rows": profile.rows, **_plain(asdict(profile))}


def _plain(value: Any) -> Any:
    """As in JSON, with texts beyond a thousand characters cut, and ended by an ellipsis."""
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case str() if len(value) > _CHARACTERS:
            return f"{value[: _CHARACTERS - 1]}…"
    return value
