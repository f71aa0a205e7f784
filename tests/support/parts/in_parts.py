"""A file read in parts, as the state machine does it, but in one process."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from function.domain.content import Scan
from function.domain.instructions import Options
from function.scan.parts import wire
from function.scan.parts.merge import merge
from function.scan.parts.model import Merged, Part, Plan, Redo
from function.scan.parts.part import read_part
from function.scan.parts.plan import plan

ROUNDS = 3  # of reading again, as the finish function has them


@dataclass(frozen=True, slots=True)
class InParts:
    """What came of it.

    Attributes:
        scan: None if only a reading of the whole file can tell.
        reason: why.
        parts, rounds, again: how many parts there are, how often some were read again, and how many in all.
    """

    scan: Scan | None
    reason: str = ""
    parts: int = 0
    rounds: int = 0
    again: int = 0


def in_parts(data: bytes, part_bytes: int, options: Options, portion: int = 1 << 20) -> InParts:
    """Read data in parts; plan, parts and result travel as JSON.

    Args:
        data: the stored bytes.
        part_bytes: of each part.
        options: what is known of the file, and the policy.
        portion: bytes in which the store gives them out.
    """
    made = plan(_stored(data, 0, portion), len(data), options, part_bytes)
    if made is None:
        return InParts(None, "no plan")
    made = wire.plan_of(json.loads(json.dumps(wire.plan_document(made))))
    parts = [_part(made, data, number, portion) for number in range(made.count)]
    again = 0
    for rounds in range(ROUNDS + 1):
        found = merge(made, (wire.part_of(*wire.unpack(part)) for part in parts))
        result = InParts(None, "", made.count, rounds, again)
        if isinstance(found, Merged):
            merged = wire.merged_of(*wire.unpack(wire.pack(*wire.merged_document(found))))
            return replace(result, scan=merged.scan)
        if not isinstance(found, Redo):
            return replace(result, reason=found.reason)
        again += len(found.items)
        for number, known in found.items:
            parts[number] = _part(made, data, number, portion, known)
    return replace(result, reason=f"not settled in {ROUNDS} rounds")


def _part(made: Plan, data: bytes, number: int, portion: int, known: str | None = None) -> bytes:
    """The document of a part, as it is stored."""

    def blocks(offset: int) -> Iterator[bytes]:
        return _stored(data, offset, portion)

    part: Part = read_part(made, number, blocks, known)
    return wire.pack(*wire.part_document(part))


def _stored(data: bytes, offset: int, portion: int) -> Iterator[bytes]:
    return (data[start : start + portion] for start in range(offset, len(data), portion))
