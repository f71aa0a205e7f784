"""What a file can have against its contract. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

NAMED = 5  # in the message of the verdict
MOST = 100  # in result.json
_NAME_CHARACTERS, _FIELD_CHARACTERS = 64, 1000


class BreachCode(StrEnum):
    """The closed set of codes in `contract.breaches`; docs/contracts.md explains each."""

    HEADER_MISSING = "header_missing"
    FIELD_MISSING = "field_missing"
    FIELD_UNEXPECTED = "field_unexpected"
    FIELD_ORDER = "field_order"
    TYPE = "type"
    FORMAT = "format"
    REQUIRED = "required"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    ENUM = "enum"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Breach:
    """An entry of `contract.breaches` in result.json.

    Attributes:
        code: which part of the contract.
        message: what is wrong, without a full stop.
        field: the field's name; None if it is the table as a whole.
    """

    code: BreachCode
    message: str
    field: str | None = None

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "code": self.code,
            "field": self.field and self.field[:_FIELD_CHARACTERS],
            "message": self.message,
        }


def quoted(name: str) -> str:
    """A name as messages have it, of bounded length: a file may name its columns as it likes."""
    return repr(name if len(name) <= _NAME_CHARACTERS else f"{name[: _NAME_CHARACTERS - 1]}…")


def verdict(breaches: Sequence[Breach], prefix: str, version: int) -> str:
    """The message of the verdict `contract`."""
    number = f"{len(breaches)} breach{'es' if len(breaches) > 1 else ''}"
    more = f"; and {len(breaches) - NAMED} more" if len(breaches) > NAMED else ""
    said = "; ".join(breach.message for breach in breaches[:NAMED])
    return (
        f"{number} of the contract for {quoted(prefix)} (version {version}): {said}{more}."
        " Correct the file, or change the contract: pipeline contract put"
    )
