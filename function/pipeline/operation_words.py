"""The words of an operation: {"operation": name, word: value, ...}. Pure."""

from collections.abc import Mapping
from typing import Any, TypeVar

from function.domain.errors import EventError

T = TypeVar("T")
_MOST = 1_000_000


def word(event: Mapping[str, Any], name: str, kind: type[T], default: T | None = None) -> T:
    """A word of an operation, of the kind it must be; an EventError if it is not."""
    value = event.get(name)
    if value is None:
        value = default
    if not isinstance(value, kind):
        wrong = "is missing" if value is None else f"is {value!r}, not {kind.__name__}"
        raise EventError(f"{event.get('operation', 'the event')}: {name} {wrong}")
    return value


def count(event: Mapping[str, Any], name: str, default: int) -> int:
    """A word that is a number of things or hours; an EventError beyond what anybody can mean."""
    value = word(event, name, int, default)
    if not 1 <= value <= _MOST:
        raise EventError(f"{event['operation']}: {name} is {value}, not 1 to {_MOST:,}")
    return value
