"""The profile as the `csv` part of result.json; docs/result.schema.json describes it."""

from dataclasses import asdict, dataclass
from typing import Any

from function.domain.content import Profile

_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What of a file's content may stand in a result.

    Attributes:
        excerpts: how a record begins, and words of the file in an error's message.
        values: the smallest and the largest value of each column.
    """

    excerpts: bool = True
    values: bool = True


ALL = Disclosure()


def csv_document(profile: Profile, disclosure: Disclosure = ALL) -> dict[str, Any]:
    """A JSON-ready document of the profile, of bounded size whatever a field holds."""
    found: dict[str, Any] = _plain(asdict(profile))
    if not disclosure.excerpts:
        found["samples"] = [{**each, "excerpt": None} for each in found["samples"]]
        found["rejects"] = [{**each, "excerpt": None} for each in found["rejects"]]
    if not disclosure.values:
        found["columns"] = [{**each, "min": None, "max": None} for each in found["columns"]]
    return {"rows": profile.rows, **found}


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
