"""What is known before the parts are read, and what is known of each: values that travel as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from function.domain.content import Scan
from function.domain.errors import FileError
from function.domain.findings import Finding
from function.domain.instructions import Options
from function.scan.head import Head
from function.scan.profile.tally import Tally


@dataclass(frozen=True, slots=True)
class Plan:
    """How an object is read in parts.

    Attributes:
        size: stored bytes of the object.
        part_bytes: stored bytes of a part; the last has the rest.
        options: what was said of the file beforehand, and the policy.
        encoding: as far as the head tells; `ascii` while it does not.
        head: what the head settles.
    """

    size: int
    part_bytes: int
    options: Options
    encoding: str
    head: Head

    @property
    def count(self) -> int:
        """How many parts there are."""
        return -(-self.size // self.part_bytes)


@dataclass(frozen=True, slots=True)
class TextOfPart:
    """What is said of the text of a part, and not of its records.

    Attributes:
        encoding: as far as it is known.
        size: bytes of UTF-8, without byte order marks.
        feeds: line feeds.
        lines: physical lines.
        ragged: records of another width than the table.
        found: what had to be replaced or taken off: how often each.
        first: line of the first of each, one more than the line feeds before it in the part.
    """

    encoding: str
    size: int = 0
    feeds: int = 0
    lines: int = 0
    ragged: int = 0
    found: Mapping[Finding, int] = field(default_factory=dict)
    first: Mapping[Finding, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """What was read of one part. Its lines and offsets count from its start; part 0 has the file's.

    Attributes:
        number: from 0.
        start: stored bytes before its first record; of part 0 none. None if no start was found.
        stop: stored bytes before the next part's first record; the size of the object if none follows.
        digest: SHA-256 of the stored bytes that the plan assigns to the part, whatever was read of them.
        tally: its records and lines.
        text: its text.
        doubt: why only a reading of the whole file can tell; None if the part is certain once its start is.
        wants: whether its end depends on the lines before it, which were not known.
        error: why the file fails here.
    """

    number: int
    start: int | None
    stop: int
    digest: bytes
    tally: Tally
    text: TextOfPart
    doubt: str | None = None
    wants: bool = False
    error: FileError | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """The parts fit together.

    Attributes:
        scan: the same as if the file had been read in one piece, but for the digest.
    """

    scan: Scan


@dataclass(frozen=True, slots=True)
class Redo:
    """Some parts have to be read again.

    Attributes:
        items: number of each, and what is known of its start: the last argument of `read_part`.
    """

    items: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Unsure:
    """Only a reading of the whole file can tell; `reason` says why."""

    reason: str
