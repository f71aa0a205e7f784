"""Which of several files in an archive is the table, decided as they come by, and whatever their order."""

import re
from collections import Counter
from collections.abc import Iterator

from function.domain.errors import ErrorCode, FileError
from function.domain.findings import Finding

HELD = 1 << 20  # bytes of a file that are kept until it is known whether there is a table beside it
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

    What a system leaves in folders is nothing. A file with the ending of a table is one; a document is none;
    any other file, e.g. of text, is a table if there is no such beside it. A small one is held back until
    that is clear.
    """

    def __init__(self) -> None:
        self._table: str | None = None
        self._held: tuple[str, list[bytes]] | None = None
        self._others: list[str] = []  # that may be tables as well
        self._documents: list[str] = []

    def take(self, name: str, content: Iterator[bytes]) -> Iterator[bytes]:
        """Give out the content if it is the table's for certain; read it to its end in any case.

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
        """Give out what was held back if there is no other table.

        Raises:
            FileError: `not_csv` for several files that may be it, or none; `empty_file` for no file at all.
        """
        if self._table is None:
            names = self._others + self._documents
            if len(self._others) > 1:
                raise _several(self._others)
            if self._held is None:
                if names:
                    raise FileError(
                        ErrorCode.NOT_CSV,
                        f"The zip holds no table, but {_listed(names)}: upload a CSV.",
                        unquoted="The zip holds no table, but other files: upload a CSV.",
                    )
                raise FileError(ErrorCode.EMPTY_FILE, "The zip holds no file.")
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
        """A file of unknown kind: beside a table it is none, unless it is long."""
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
        f"The zip holds several files ({_listed(names)}): upload each table on its own.",
        unquoted="The zip holds several files: upload each table on its own.",
    )


def _listed(names: list[str]) -> str:
    return ", ".join(map(repr, names[:NAMED])) + (
        f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    )
