"""What a rule reads of a policy document, which Pulumi passes as text or as an object."""

import json
from typing import Any


def statements(policy: Any) -> list[dict[str, Any]]:
    """The statements of a document."""
    return as_list(parsed(policy)["Statement"])


def parsed(value: Any) -> Any:
    """The value of a text that is JSON; anything else as it is."""
    return json.loads(value) if isinstance(value, str) else value


def as_list(value: Any) -> list[Any]:
    """IAM takes one item for a list of one."""
    return value if isinstance(value, list) else [value]
