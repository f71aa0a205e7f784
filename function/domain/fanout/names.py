"""The names of an execution, of its parts, and of what these leave in the output bucket. Pure."""

from dataclasses import dataclass
from typing import Self

from function.domain import keys
from function.domain.errors import EventError
from function.domain.model import Upload

_WORK = "work"


def execution_name(row: int, attempts: int, upload: Upload) -> str:
    """The name of the execution that one attempt starts; a retry of that attempt arrives at the same.

    The digest keeps names apart where a restored database gives the number of a row a second time.
    """
    identity = f"{upload.bucket}/{upload.key}/{upload.version_id}/{upload.etag}"
    return f"{row}-{attempts}-{keys.version_mark(identity)}"


def plan_key(name: str) -> str:
    """Key, in the output bucket, of what all parts of an execution have in common."""
    return f"{_WORK}/{name}/plan.json"


def part_key(name: str, part: int) -> str:
    """Key, in the output bucket, of the result of one part."""
    return f"{_WORK}/{name}/parts/{part:05d}.bin"


def merged_key(name: str) -> str:
    """Key, in the output bucket, of the merged result of all parts."""
    return f"{_WORK}/{name}/merged.bin"


@dataclass(frozen=True, slots=True)
class Item:
    """One part to read, as the state machine passes it on: `name/part`, or `name/part/known`.

    Attributes:
        name: of the execution.
        part: number of the part, from 0.
        known: what is known of its start, in the words of the reader, which have no slash; None at first.
    """

    name: str
    part: int
    known: str | None = None

    def __str__(self) -> str:
        known = "" if self.known is None else f"/{self.known}"
        return f"{self.name}/{self.part}{known}"

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read an item.

        Raises:
            EventError: it is none.
        """
        name, part, *known = text.split("/") if isinstance(text, str) and "/" in text else ("", "")
        if not name or not (part.isascii() and part.isdecimal()) or len(known) > 1:
            raise EventError(f"not an item of an execution (name/part or name/part/known): {text!r}")
        return cls(name, int(part), *known)
