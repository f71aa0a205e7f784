"""What of a watched folder has had its verdict, so that it is not taken a second time, nor by a later run."""

import json
from collections.abc import Callable
from pathlib import Path

from ops.run.inputs import Content, Input

FILE_NAME = ".csv-pipeline-taken"


class SeenFiles:
    """Contents of files by key, kept in a hidden file of the folder: a line of JSON for each verdict.

    Args:
        folder: the watched folder.
        complain: told once if the file cannot be written; then the next run takes everything anew.
    """

    def __init__(self, folder: Path, complain: Callable[[str], None]) -> None:
        self._file = folder / FILE_NAME
        self._complain = complain
        self._contents = dict(self._kept())
        self._complained = False

    def __len__(self) -> int:
        return len(self._contents)

    def has(self, key: str, content: Content) -> bool:
        """Whether this content of the file was taken."""
        return self._contents.get(key) == content

    def begin(self, key: str, content: Content) -> None:
        """Note that it is under way; only this process knows, as it has no verdict yet."""
        self._contents[key] = content

    def keep(self, item: Input) -> None:
        """Note for good that the file has its verdict."""
        if item.content is None or self._complained:
            return
        try:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"key": item.key, "content": item.content}) + "\n")
        except OSError as error:
            self._complained = True
            self._complain(f"{error.filename}: {error.strerror}; the next run will take these files again")

    def _kept(self) -> list[tuple[str, Content]]:
        try:
            lines = self._file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return []
        return [entry for line in lines if (entry := _entry(line))]


def _entry(line: str) -> tuple[str, Content] | None:
    """What a line says; None of one that was cut off, whose file is then taken again."""
    try:
        said = json.loads(line)
        inode, written, size = said["content"]
        return str(said["key"]), (int(inode), int(written), int(size))
    except (KeyError, TypeError, ValueError):
        return None
