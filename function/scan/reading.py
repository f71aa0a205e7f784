"""The steps of a scan, joined; what was found stays at hand when one of them fails."""

from collections.abc import Iterable, Iterator
from itertools import chain

from function.errors import ErrorCode, FileError
from function.model import Options, Profile
from function.scan.container import unpack
from function.scan.dialect import sniff
from function.scan.profile import Profiler
from function.scan.records import batches
from function.scan.text import decode

PREFIX = 1 << 18  # bytes of text that the dialect is guessed on


class Reading:
    """One reading of one file."""

    def __init__(self, options: Options):
        self.options = options
        self._profiler: Profiler | None = None

    def read(self, blocks: Iterable[bytes]) -> None:
        """Read to the end or to the first thing that is not certain.

        Raises:
            FileError: that thing.
        """
        compression, content = unpack(blocks)
        prefix, text = _peek(decode(content), PREFIX)
        if not prefix.strip():
            raise FileError(ErrorCode.EMPTY_FILE, "The file is empty.")
        dialect = sniff(prefix, compression, self.options)
        profiler = self._profiler = Profiler(dialect)
        for batch in batches(text, dialect):
            profiler.add(batch)

    def profile(self) -> Profile | None:
        """What is known of the content so far."""
        return self._profiler.profile() if self._profiler else None


def _peek(blocks: Iterator[bytes], size: int) -> tuple[bytes, Iterator[bytes]]:
    """(the first `size` bytes or a little more, all blocks)."""
    head: list[bytes] = []
    for block in blocks:
        head.append(block)
        size -= len(block)
        if size <= 0:
            break
    prefix = b"".join(head)
    return prefix, chain([prefix], blocks)
