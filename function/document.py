"""The profile as the `csv` part of result.json; docs/result.schema.json describes it."""

from dataclasses import asdict
from typing import Any

from function.model import Profile


def csv_document(profile: Profile) -> dict[str, Any]:
    """A JSON-ready document of the profile."""
    document = {name: _plain(value) for name, value in asdict(profile).items()}
    return {"rows": profile.rows, **document}


def _plain(value: Any) -> Any:
    """Tuples as lists, as they are in JSON."""
    return list(value) if isinstance(value, tuple) else value
