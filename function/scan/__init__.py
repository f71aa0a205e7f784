"""The bytes of a CSV file -> what is in it, provably counted.

    source -> container -> text -> dialect -> records -> profile

Each step is an iterator over the one before, so memory is bounded whatever the size of the file.
"""

from collections.abc import Callable, Iterable

from function.domain.content import Scan
from function.domain.errors import FileError
from function.domain.instructions import Options
from function.scan.bytes.stored import StoredBytes
from function.scan.reading import Reading

__all__ = ["Options", "scan"]


def scan(
    chunks: Iterable[bytes],
    options: Options = Options(),  # noqa: B008 (it is frozen)
    check: Callable[[int], None] = lambda _: None,
) -> Scan:
    """Read a file to its end.

    Args:
        chunks: the stored bytes, in any portions.
        options: what is known of the file beforehand, and how much damage is acceptable.
        check: called with the number of stored bytes read, before each block of compressed content (1 MB at
            most, where one stored byte may hold 30,000); a `FileError` that it raises ends the reading.

    Returns:
        Hash, size, and the profile as far as it is known; `error` says why the file is not certain.
        A `FileError` raised by `chunks` becomes that error too; whatever else it raises is passed on.
    """
    source = StoredBytes(chunks)
    reading = Reading(options, check=lambda: check(source.size))
    reason = _attempt(lambda: reading.read(source))
    cut_off = _attempt(source.drain)
    return Scan(source.sha256, source.size, reading.profile(), reason or cut_off, options, reading.values())


def _attempt(step: Callable[[], None]) -> FileError | None:
    try:
        step()
    except FileError as error:
        return error
    return None
