"""What is in doubt: each kind of finding with what was made of it, and the lines where it is."""

from dataclasses import dataclass, field

from function.domain.message.findings import lines_at_fault, title
from function.domain.model import Document


@dataclass(slots=True)
class Doubt:
    """One kind of finding.

    Attributes:
        serious: whether the file failed for it, or there is a warning of it.
        message: what was made of it and what to type, of a warning; empty of another finding.
        count: how often it was found.
        lines: where, each with how the line begins; the first few.
    """

    code: str
    title: str
    message: str
    count: int
    serious: bool
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
    warnings = {each["code"]: each for each in csv["warnings"]}
    serious = dict.fromkeys((*(each["finding"] for each in lines_at_fault(result)), *warnings))
    others = (each["finding"] for each in csv["samples"])
    return [
        _doubt(code, csv, warnings.get(code), code in serious) for code in dict.fromkeys((*serious, *others))
    ]


def _doubt(code: str, csv: Document, warning: Document | None, serious: bool) -> Doubt:
    lines = [(each["line"], each.get("excerpt") or "") for each in csv["samples"] if each["finding"] == code]
    if not lines and warning and warning["line"]:
        lines = [(warning["line"], "")]
    return Doubt(
        code=code,
        title=title(code),
        message=warning["message"] if warning else "",
        count=csv["findings"].get(code) or (warning["count"] if warning else len(lines)),
        serious=serious,
        lines=sorted(lines),
    )
