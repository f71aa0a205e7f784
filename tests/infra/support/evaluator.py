"""IAM's decision about one request, as far as the policies of this project go.

Source: "Policy evaluation logic" and "IAM JSON policy elements: Condition operators", IAM user guide.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Statement = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """What somebody asks for: an action on a resource, and the values of condition keys that come with it."""

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)


def allows(documents: Iterable[Mapping[str, Any]], request: Request) -> bool:
    """Whether the policies of one role allow it: one statement does, and none denies it."""
    found = {
        statement["Effect"]
        for document in documents
        for statement in document["Statement"]
        if applies(statement, request)
    }
    return found == {"Allow"}


def lets_in(policy: Mapping[str, Any], principal: str, request: Request) -> bool:
    """Whether a resource's policy allows it to a principal of another account, or to a service.

    Args:
        principal: an account's root as an ARN, or a service.
    """
    mine = [
        each
        for each in policy["Statement"]
        if each["Principal"] == "*"
        or principal in [name for names in each["Principal"].values() for name in _list(names)]
    ]
    return allows([{"Statement": mine}], request)


def applies(statement: Statement, request: Request) -> bool:
    """Whether a statement is about the request.

    Raises:
        NotImplementedError: it has an element that is not known here; silence would be a wrong answer.
    """
    if unknown := statement.keys() - {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}:
        raise NotImplementedError(unknown)
    return (
        _any(statement["Action"], request.action, re.IGNORECASE)
        and _any(statement.get("Resource", "*"), request.resource)
        and all(
            _CONDITIONS[operator](wanted, request.context.get(key))
            for operator, block in statement.get("Condition", {}).items()
            for key, wanted in block.items()
        )
    )


def _equals(wanted: Any, given: str | None) -> bool:
    return given in _list(wanted)


def _like(wanted: Any, given: str | None) -> bool:
    return given is not None and _any(wanted, given)


def _equals_if_exists(wanted: Any, given: str | None) -> bool:
    return given is None or _equals(wanted, given)


def _not_equals(wanted: Any, given: str | None) -> bool:
    return not _equals(wanted, given)


def _bool(wanted: Any, given: str | None) -> bool:
    return given is not None and _equals(wanted, given)


def _less(wanted: Any, given: str | None) -> bool:
    return given is not None and float(given) < float(wanted)


_CONDITIONS: dict[str, Callable[[Any, str | None], bool]] = {
    "StringEquals": _equals,
    "StringLike": _like,
    "StringEqualsIfExists": _equals_if_exists,
    "StringNotEquals": _not_equals,  # of a key that is missing, too
    "Bool": _bool,
    "BoolIfExists": _equals_if_exists,
    "ArnLike": _like,
    "NumericLessThan": _less,
}


def _any(patterns: Any, text: str, flags: int = 0) -> bool:
    """Whether one of the patterns, in which * and ? are wildcards, covers the whole text."""
    return any(
        re.fullmatch(re.escape(each).replace(r"\*", ".*").replace(r"\?", "."), text, flags | re.DOTALL)
        for each in _list(patterns)
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
