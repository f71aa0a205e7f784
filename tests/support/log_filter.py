"""The part of CloudWatch Logs' filter patterns that the metrics use.

Source: "Filter pattern syntax for metric filters" in the user guide of CloudWatch Logs.
"""

import re
from typing import Any

_TERM = re.compile(
    r"""\$\.(\w+)(?:\[(\d+)\])? (?:(?P<other>!)?= (?:"(?P<text>[^"]*)"|(?P<any>\*))|IS (?P<flag>TRUE|FALSE)|> (?P<above>\d+))"""
)


def matches(pattern: str, line: dict[str, Any]) -> bool:
    """Whether a line of JSON counts: `{ $.a = "text" && $.a != "t" && $.b[0] = "*" && $.c = * && $.d IS TRUE && $.e > 0 }`."""
    assert pattern.startswith("{ ")
    assert pattern.endswith(" }")
    return all(_holds(term, line) for term in pattern[2:-2].split(" && "))


def _holds(term: str, line: dict[str, Any]) -> bool:
    found = _TERM.fullmatch(term)
    assert found, f"not understood: {term}"
    value = line.get(found[1])
    if found[2]:
        at = int(found[2])
        value = value[at] if isinstance(value, list) and len(value) > at else None
    if found["flag"]:
        return value is (found["flag"] == "TRUE")
    if found["above"]:
        return isinstance(value, int) and value > int(found["above"])
    if found["any"]:
        return value is not None
    if not isinstance(value, str):
        return False
    return (found["text"] in {"*", value}) is not bool(found["other"])
