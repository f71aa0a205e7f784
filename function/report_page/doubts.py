"""What is in doubt: each kind of finding with what was made of it, and the lines where it is."""

from dataclasses import dataclass, field

from function.domain.message.findings import lines_at_fault, title
from function.domain.model import Document


@dataclass(slots=True)
class Doubt:
    """One kind of finding.

    Attributes:
        message: what was made of it and what to type, of a warning; empty of another finding.
        count: how often it was found.
        lines: where, each with how the line begins; the first few.
    """

    code: str
    title: str
    message: str
    count: int
    lines: list[tuple[int, str]] = field(default_factory=list)

    @property
    def left_out(self) -> int:
        """How many are in lines that are not shown."""
        return max(0, self.count - len(self.lines)) if self.lines else 0


def doubts(result: Document) -> list[Doubt]:
    """What made the file fail first, then the warnings, then what else was found in some line."""
    csv = result["csv"]
    if not csv:
        return []
    messages = {each["code"]: each for each in csv["warnings"]}
    at_fault = [each["finding"] for each in lines_at_fault(result)]
    found: dict[str, Doubt] = {}
    for code in dict.fromkeys((*at_fault, *messages, *(each["finding"] for each in csv["samples"]))):
        warning = messages.get(code)
        count = csv["findings"].get(code) or (warning["count"] if warning else 0)
        found[code] = Doubt(code, title(code), warning["message"] if warning else "", count)
        if warning and warning["line"]:
            found[code].lines = [(warning["line"], "")]
    for code, doubt in found.items():
        lines = [(each["line"], each.get("excerpt") or "") for each in csv["samples"] if each["finding"] == code]
        doubt.lines = sorted(lines) or doubt.lines
    return list(found.values())
