"""What the image is built from: a copy of its part of the tree that is the same on every machine."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

_COPY = Path(".cache/image-context")
_MODE = 0o644
_KINDS = (
    ".py",
    ".sql",
    ".jinja",
    ".css",
)  # a key, or a file of settings, that somebody left beside them is in no image


@dataclass(frozen=True, slots=True)
class BuildContext:
    """The copy.

    Attributes:
        location: where it is; relative if the tree was named so, as it becomes part of the state.
        digest: SHA-256 of its files by name and content, in hexadecimal digits.
    """

    location: Path
    digest: str


def prepare(tree: Path) -> BuildContext:
    """Copy what goes into the image to `.cache/image-context` in the tree, all of one mode.

    The provider that builds the image hashes the modes of the context's files too, to decide whether to build
    again: of the tree itself, a checkout made with another umask would be another image. What is there and
    right already is not written again, so that a preview does not disturb a build.

    Args:
        tree: the repository's root, with Dockerfile, .dockerignore and function/.
    """
    location, digest = tree / _COPY, hashlib.sha256()
    wanted = {path.relative_to(tree): path.read_bytes() for path in _sources(tree)}
    _remove_others(location, wanted.keys())
    for name, content in wanted.items():
        digest.update(f"{name.as_posix()}\0{len(content)}\0".encode() + content)
        copy = location / name
        if not copy.exists() or copy.read_bytes() != content:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(content)
        copy.chmod(_MODE)
    return BuildContext(location, digest.hexdigest())


def _sources(tree: Path) -> Iterator[Path]:
    yield tree / "Dockerfile"
    yield tree / ".dockerignore"
    yield from sorted(
        path
        for path in (tree / "function").rglob("*")
        if path.is_file() and (path.suffix in _KINDS or path.name == "requirements.txt")
    )


def _remove_others(location: Path, wanted: Collection[Path]) -> None:
    for path in list(location.rglob("*")):
        if path.is_file() and path.relative_to(location) not in wanted:
            path.unlink()
