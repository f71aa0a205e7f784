"""The start of an object -> how to read it in parts, if that is possible."""

from collections.abc import Iterable

from function.domain.errors import FileError
from function.domain.instructions import Options
from function.scan.bytes.encoding import can_be_cut
from function.scan.parts.model import Plan
from function.scan.reading import Reading


def plan(blocks: Iterable[bytes], size: int, options: Options, part_bytes: int) -> Plan | None:
    """Settle what all parts have in common.

    Args:
        blocks: the stored bytes from their start; some MB of them are read.
        size: how many there are.
        options: what is known of the file, and the policy.
        part_bytes: stored bytes of a part.

    Returns:
        The plan; None where the object has to be read in one piece: it is compressed, it is no table, or its
        encoding is not one in which ASCII is ASCII and a character starts behind every line end.
    """
    reading = Reading(options)
    try:
        reading.begin(blocks)
    except FileError:  # the reading in one piece says it again, as the verdict
        return None
    head, content, text = reading.head, reading.content, reading.text
    if head is None or content is None or text is None or content.compression or content.found:
        return None
    return Plan(size, part_bytes, options, text.encoding, head) if can_be_cut(text.encoding) else None
