"""Policies with one action or resource taken out."""

import json
from dataclasses import dataclass

from tests.infra.support.iam import Document


@dataclass(frozen=True)
class Trim:
    """One action or resource to take out of a policy."""

    statement: int
    element: str
    item: str

    def of(self, document: Document) -> Document:
        trimmed: Document = json.loads(json.dumps(document))
        statement = trimmed["Statement"][self.statement]
        if self.element == "Action":
            statement["Action"].remove(self.item)
        else:
            del statement["Resource"][int(self.item)]
        if not statement["Action"] or not statement["Resource"]:
            del trimmed["Statement"][self.statement]
        return trimmed


def trims(document: str) -> list[Trim]:
    """Everything that can be taken out of a policy: each action, and each resource beside others."""
    return [
        Trim(number, element, item)
        for number, statement in enumerate(json.loads(document)["Statement"])
        for element, items in (
            ("Action", statement["Action"]),
            ("Resource", [str(index) for index in range(len(statement["Resource"]))]),
        )
        for item in items
        if element == "Action" or len(items) > 1
    ]


def labels(trim: Trim) -> str:
    return f"{trim.statement}-{trim.element}-{trim.item}"
