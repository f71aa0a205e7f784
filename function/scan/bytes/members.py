"""Decide which file of an archive is the table, while they are read, in any order."""

import re
from collections import Counter
from collections.abc import Iterator

from function.domain.errors import ErrorCode, FileError
from function.domain.findings import Finding

HELD = 1 << 20  # bytes of a file that are kept until it is clear whether the archive has a table
NAMED = 3  # files that a message names

_ASIDE = re.compile(
    r"(.*/)?(__MACOSX/.*|\._[^/]*|\.DS_Store|Thumbs\.db|desktop\.ini|[^/]*/)", re.IGNORECASE | re.DOTALL
)
_TABLE = re.compile(r".*\.(csv|tsv|tab|psv)", re.IGNORECASE | re.DOTALL)
_DOCUMENT = re.compile(
    r".*\.(md|rst|pdf|rtf|html?|xml|json|ya?ml|docx?|xlsx?|odt|ods|png|jpe?g|gif|svg|md5|sha1|sha256|sig|asc|sql|py|r)",
    re.IGNORECASE | re.DOTALL,
)


class Members:
    """Takes the files of an archive one by one.

    System files are ignored. A file with the suffix of a table is a table, a document is not; any other file,
    e.g. `.txt`, is the table if the archive has no such file. A small one is kept until that is clear.
    """

    def __init__(self) -> None:
        self._table: str | None = None
        self._held: tuple[str, list[bytes]] | None = None
        self._others: list[str] = []  # files that may be tables
        self._documents: list[str] = []

    def take(self, name: str, content: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the content if it is certainly the table; read it to its end in any case.

        Raises:
            FileError: `not_csv`, if there are several tables.
        """
        if _ASIDE.fullmatch(name):
            _pass(content)
        elif _TABLE.fullmatch(name):
            yield from self._begin(name, content)
        elif _DOCUMENT.fullmatch(name):
            self._documents.append(name)
            _pass(content)
        else:
            yield from self._perhaps(name, content)

    def finish(self, found: Counter[Finding]) -> Iterator[bytes]:
        """Yield the kept content if there is no other table.

        Raises:
            FileError: `not_csv` for several possible tables, or none; `empty_file` for no file at all.
        """
        if self._table is None:
            names = self._others + self._documents
            if len(self._others) > 1:
                raise _several(self._others)
            if self._held is None:
                if names:
                    raise FileError(
                        ErrorCode.NOT_CSV,
                        f"The zip has no table, only {_listed(names)}: upload a CSV.",
                        unquoted="The zip has no table, only other files: upload a CSV.",
                    )
                raise FileError(ErrorCode.EMPTY_FILE, "The zip is empty.")
            self._table = self._held[0]
            yield from self._held[1]
        left = len(self._documents) + sum(name != self._table for name in self._others)
        if left:
            found[Finding.OTHER_FILES] += left

    def _begin(self, name: str, content: Iterator[bytes]) -> Iterator[bytes]:
        if self._table is not None:
            raise _several([self._table, name])
        self._table, self._held = name, None
        yield from content

    def _perhaps(self, name: str, content: Iterator[bytes]) -> Iterator[bytes]:
        """A file of unknown format: if the archive has a table, it is ignored unless it is long."""
        held, size = [], 0
        for block in content:
            held.append(block)
            size += len(block)
            if size > HELD:
                if self._others:
                    raise _several([*self._others, name])
                yield from self._begin(name, _chain(held, content))
                return
        self._held = (name, held) if self._table is None else None
        self._others.append(name)


def _chain(held: list[bytes], content: Iterator[bytes]) -> Iterator[bytes]:
    yield from held
    yield from content


def _pass(content: Iterator[bytes]) -> None:
    for _ in content:
        pass


def _several(names: list[str]) -> FileError:
    return FileError(
        ErrorCode.NOT_CSV,
        f"The zip has several files ({_listed(names)}): upload each table on its own.",
        unquoted="The zip has several files: upload each table on its own.",
    )


def _listed(names: list[str]) -> str:
    return ", ".join(map(repr, names[:NAMED])) + (
        f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    )
