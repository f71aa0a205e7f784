"""The profile as the `csv` part of result.json; docs/result.schema.json describes it."""

from dataclasses import asdict
from typing import Any

from function.model import Profile


def csv_document(profile: Profile) -> dict[str, Any]:
    """A JSON-ready document of the profile."""
    document = asdict(profile)
    document["columns"] = [asdict(column) for column in profile.columns]
    document["rejects"] = [asdict(reject) for reject in profile.rejects]
    return {"rows": profile.rows, **document}
