"""What is stored: a document as one line of JSON, and behind it the hashes of its sketches in binary.

As text the hashes would take a third more, and most of the time of a merge, which needs few of them.
"""

import json
import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from function.domain.model import Document
from function.scan.profile.distinct import Hashes, Sketch, no_hashes


def pack(document: Mapping[str, Any], hashes: Hashes) -> bytes:
    """The bytes of a document and its hashes: eight each, the lowest byte first."""
    line = json.dumps(document, separators=(",", ":")).encode()
    return b"%b\n%b" % (line, _little_endian(hashes).tobytes())


def unpack(body: bytes) -> tuple[Document, Hashes]:
    """The inverse of `pack`."""
    end = body.index(b"\n")
    hashes = no_hashes()
    with memoryview(body) as view:
        hashes.frombytes(view[end + 1 :])
    return json.loads(body[:end]), _little_endian(hashes)


def sketch_documents(sketches: Sequence[Sketch]) -> tuple[list[list[int]], Hashes]:
    """Size and number of hashes of each sketch, and the hashes of all."""
    hashes = no_hashes()
    for sketch in sketches:
        hashes.extend(sketch.hashes)
    return [[sketch.size, len(sketch.hashes)] for sketch in sketches], hashes


def sketches_of(documents: Iterable[Sequence[int]], hashes: Hashes) -> Iterator[Sketch]:
    """The sketches of their documents."""
    at = 0
    for size, count in documents:
        yield Sketch(hashes[at : at + count], size)
        at += count


def _little_endian(hashes: Hashes) -> Hashes:
    if sys.byteorder == "little":
        return hashes
    swapped = array(hashes.typecode, hashes)
    swapped.byteswap()
    return swapped
