"""Reading a document word by word, and naming all that is wrong with it at once. Pure."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")
D = TypeVar("D")
# of the standard, and nothing that a profile could answer
_CANNOT = {
    "pattern": "the values themselves are not kept",
    "unique": "only an estimate of the number of different values is kept",
    "minLength": "only the length of the longest value is kept, in bytes",
    "maxLength": "only the length of the longest value is kept, in bytes",
    "jsonSchema": "the values themselves are not kept",
    "primaryKey": "only an estimate of the number of different values is kept",
    "uniqueKeys": "only an estimate of the number of different values is kept",
    "foreignKeys": "other files are not read",
    "trueValues": "only true and false, and 1 and 0, are read as such",
    "falseValues": "only true and false, and 1 and 0, are read as such",
    "bareNumber": "signs such as % and € make a text of a number",
    "categories": "use the constraint enum",
}


class ContractError(ValueError):
    """A schema is none, or asks for what cannot be checked.

    Attributes:
        problems: each of them in a sentence.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


class Words:
    """The properties of one object of a schema; what is wrong with them is noted in `problems`.

    Args:
        place: what the object is, for the messages.
        document: the object.
        problems: where to note what is wrong; a list of its own without one.
    """

    def __init__(self, place: str, document: Any, problems: list[str] | None = None) -> None:
        self._place = place
        self.problems: list[str] = [] if problems is None else problems
        self._words: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
        self._taken: set[str] = set()
        if not isinstance(document, Mapping):
            self.refuse("not a JSON object")

    def refuse(self, problem: str) -> None:
        """Note that something is wrong."""
        self.problems.append(f"{self._place}: {problem}")

    def take(self, name: str, kind: type[T], default: D) -> T | D:
        """A property of a type; the default if it is not there, or is of another type."""
        self._taken.add(name)
        value = self._words.get(name)
        if value is None:
            return default
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.refuse(f"{name} is {value!r}, not {_NAMES[kind]}")
            return default
        return value

    def choice(self, name: str, allowed: type[StrEnum], default: str) -> str:
        """A property that is one of a few texts; in a list of one, as an early version 2 has it, too."""
        self._taken.add(name)
        value = self._words.get(name, default)
        if isinstance(value, list) and len(value) == 1:
            (value,) = value
        if value not in list(allowed):
            self.refuse(f"{name} is {value!r}; allowed: {', '.join(allowed)}")
            return default
        return str(value)

    def finish(self, notes: Collection[str] = ()) -> None:
        """Refuse every property that was not taken, but for those that only explain something."""
        for name in sorted(set(self._words) - self._taken - set(notes)):
            self.refuse(f"{name} cannot be checked: {_CANNOT.get(name, 'it is not supported')}")


_NAMES: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    str: "a text",
    list: "a list",
    dict: "an object",
}
