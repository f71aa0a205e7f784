"""How one configuration value is declared and read. Pure: text in, value or `ConfigError` out."""

import json
import re
from collections.abc import Callable, Collection, Container, Iterable, Sequence
from dataclasses import MISSING, Field, field
from difflib import get_close_matches
from typing import Any, get_origin

import pulumi

Reader = Callable[[str], str | None]


class ConfigError(pulumi.RunError):
    """A configuration value is missing or wrong; the message names the key and what is allowed.

    Pulumi ends with the message of a `RunError`, and without a traceback.
    """


def key(
    default: Any = MISSING,
    *,
    allowed: str,
    among: Container[Any] | None = None,
    pattern: str = "",
    fault: Callable[[str], str] | None = None,
    same: Callable[[str], str] = str,
) -> Any:
    """Declare a configuration key as the field of a dataclass.

    Args:
        default: the value without one; no default makes the key required.
        allowed: what is allowed, in words, for the error message.
        among: the values that are allowed.
        pattern: regular expression that the whole text (each item of a list) must match.
        fault: says what is wrong with a text that is not empty; empty if nothing.
        same: what two items of a list may not have in common.
    """
    rules = {"allowed": allowed, "among": among, "pattern": pattern, "fault": fault, "same": same}
    return field(default=default, metadata=rules)


def camel(name: str) -> str:
    """`bucket_prefix` is the key `bucketPrefix`."""
    head, *tail = name.split("_")
    return head + "".join(word.title() for word in tail)


def refuse_unknown(given: Iterable[str], known: Collection[str]) -> None:
    """Refuse keys that nothing reads: whoever set them meant another.

    Raises:
        ConfigError: naming each of them, and the known one that is nearest.
    """
    spelt = {name.lower(): name for name in known}
    complaints = []
    for name in sorted(set(given) - set(known)):
        near = get_close_matches(name.lower(), spelt, n=1)
        meant = f"did you mean {spelt[near[0]]}?" if near else f"allowed: {', '.join(sorted(known))}"
        complaints.append(f"{name} is not a key of this project; {meant}")
    if complaints:
        raise ConfigError("\n".join(complaints))


def read(declared: Field[Any], get: Reader) -> Any:
    """The value of one declared key.

    Raises:
        ConfigError: it is required and missing, not of its type, not allowed, or holds an item twice.
    """
    name, text = camel(declared.name), get(camel(declared.name))
    if text is None:
        if declared.default is MISSING:
            raise ConfigError(f"{name} is not set: pulumi config set {name} VALUE; {_allowed(declared)}")
        return declared.default
    try:
        value = _converted(declared, text)
    except ValueError:
        raise ConfigError(f"{name} is {text!r}; {_allowed(declared)}") from None
    items: Sequence[Any] = value if isinstance(value, tuple) else (value,)
    for item in items:
        _check(declared, item)
    if isinstance(value, tuple):
        _refuse_repeated(declared, value)
    return value


def _check(declared: Field[Any], item: Any) -> None:
    rules = declared.metadata
    pattern = rules["pattern"]
    wrong = rules["among"] is not None and item not in rules["among"]
    if wrong or (pattern and not re.fullmatch(pattern, item, re.ASCII)):
        raise ConfigError(f"{camel(declared.name)} is {item!r}; {_allowed(declared)}")
    if rules["fault"] and item and (fault := rules["fault"](item)):
        raise ConfigError(f"{camel(declared.name)} is {item!r}: {fault}; {_allowed(declared)}")


def _refuse_repeated(declared: Field[Any], items: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for item in items:
        mark = declared.metadata["same"](item)
        if mark in seen:
            raise ConfigError(f"{camel(declared.name)} has {seen[mark]!r} and {item!r}; allowed: each once")
        seen[mark] = item


def _converted(declared: Field[Any], text: str) -> bool | int | str | tuple[str, ...]:
    if declared.type is bool:
        return {"true": True, "false": False}[text] if text in {"true", "false"} else _fail()
    if declared.type is int:
        return int(text)
    if get_origin(declared.type) is tuple:
        items = json.loads(text)
        return tuple(items) if _all_text(items) else _fail()
    return text


def _all_text(items: object) -> bool:
    return isinstance(items, list) and all(isinstance(item, str) for item in items)


def _fail() -> Any:
    raise ValueError


def _allowed(declared: Field[Any]) -> str:
    return f"allowed: {declared.metadata['allowed']}"
