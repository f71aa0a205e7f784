import shutil
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

import function
from function.aws.fanout.code import identity


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The function's sources, to be changed."""
    root = shutil.copytree(Path(function.__file__).parent, tmp_path / "function")
    monkeypatch.setattr(function, "__file__", str(root / "__init__.py"))
    identity.cache_clear()
    yield root
    identity.cache_clear()


def test_the_same_sources_elsewhere_are_the_same_code(copy: Path) -> None:
    there = identity()
    identity.cache_clear()
    (copy / "scan" / "compiled.pyc").write_bytes(b"made of it")
    assert identity() == there


@pytest.mark.parametrize("path", ["scan/reading.py", "domain/findings.py"])
def test_a_change_of_any_module_is_other_code(copy: Path, path: str) -> None:
    before = identity()
    identity.cache_clear()
    with (copy / path).open("a") as file:
        file.write("# changed\n")
    assert identity() != before


def test_a_module_of_another_name_is_other_code(copy: Path) -> None:
    before = identity()
    identity.cache_clear()
    (copy / "scan" / "reading.py").rename(copy / "scan" / "reader.py")
    assert identity() != before


def test_another_version_of_the_library_is_other_code(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = identity()
    identity.cache_clear()
    monkeypatch.setattr(metadata, "version", lambda name: "0.1")
    assert identity() != before
