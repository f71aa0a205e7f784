"""How one configuration value is declared and read. Pure: text in, value or `ConfigError` out."""

import json
import re
from collections.abc import Callable, Container, Sequence
from dataclasses import MISSING, Field, field
from typing import Any, get_origin

import pulumi

Reader = Callable[[str], str | None]


class ConfigError(pulumi.RunError):
    """A configuration value is missing or wrong; the message names the key and what is allowed.

    Pulumi ends with the message of a `RunError`, and without a traceback.
    """


def key(
    default: Any = MISSING, *, allowed: str, among: Container[Any] | None = None, pattern: str = ""
) -> Any:
    """Declare a configuration key as the field of a dataclass.

    Args:
        default: the value without one; no default makes the key required.
        allowed: what is allowed, in words, for the error message.
        among: the values that are allowed.
        pattern: regular expression that the whole text (each item of a list) must match.
    """
    return field(default=default, metadata={"allowed": allowed, "among": among, "pattern": pattern})


def camel(name: str) -> str:
    """`bucket_prefix` is the key `bucketPrefix`."""
    head, *tail = name.split("_")
    return head + "".join(word.title() for word in tail)


def read(declared: Field[Any], get: Reader) -> Any:
    """The value of one declared key.

    Raises:
        ConfigError: it is required and missing, not of its type, or not allowed.
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
    among, pattern = declared.metadata["among"], declared.metadata["pattern"]
    items: Sequence[Any] = value if isinstance(value, tuple) else (value,)
    for item in items:
        if (among is not None and item not in among) or (
            pattern and not re.fullmatch(pattern, item, re.ASCII)
        ):
            raise ConfigError(f"{name} is {item!r}; {_allowed(declared)}")
    return value


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
