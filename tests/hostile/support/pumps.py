"""Texts that cost a regular expression the most: an example of it, with a part repeated."""

from collections.abc import Iterator
from typing import Any


def example(tree: Any) -> str:
    """A short text that the parsed pattern matches, as far as it is easily told."""
    text = ""
    for operation, value in tree:
        match str(operation):
            case "LITERAL":
                text += chr(value)
            case "NOT_LITERAL":
                text += "x" if chr(value) != "x" else "y"
            case "IN":
                text += next(iter(_members(value)))
            case "ANY":
                text += "x"
            case "BRANCH":
                text += example(value[1][0])
            case "SUBPATTERN":
                text += example(value[3])
            case "ATOMIC_GROUP":
                text += example(value)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                text += example(value[2]) * value[0]
    return text


def _members(items: Any) -> list[str]:
    """A few characters of a class."""
    if str(items[0][0]) == "NEGATE":
        out = {chr(value) for kind, value in items[1:] if str(kind) == "LITERAL"}
        return [each for each in "x1 .," if each not in out] or ["\x7f"]
    found = []
    for kind, value in items:
        match str(kind):
            case "LITERAL":
                found.append(chr(value))
            case "RANGE":
                found.append(chr(value[0]))
            case "CATEGORY":
                found.append({"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " "}.get(str(value), "x"))
    return found


def pumps(tree: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """(what leads to a repetition, what it may repeat) for each repetition in the tree."""
    for operation, value in tree:
        match str(operation):
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                body = value[2]
                yield before, example(body)
                for kind, items in body:
                    if str(kind) == "IN":
                        yield from ((before, each) for each in _members(items))
                yield from pumps(body, before)
                yield before, before + example(body)
            case "BRANCH":
                for branch in value[1]:
                    yield from pumps(branch, before)
            case "SUBPATTERN":
                yield from pumps(value[3], before)
            case "ATOMIC_GROUP":
                yield from pumps(value, before)
        before += example([(operation, value)])
    yield "", before or "x"
