import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra.image.build_context import BuildContext, prepare
from tests.infra.support.program import ROOT

FILES = ("Dockerfile", ".dockerignore", "function/handler.py", "function/migrations/0001_a.sql")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return planted(tmp_path / "tree")


def planted(tree: Path, umask: int = 0o022) -> Path:
    """A tree as a checkout with that umask leaves it."""
    before = os.umask(umask)
    try:
        for name in FILES:
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_text(name)
    finally:
        os.umask(before)
    return tree


def held(context: BuildContext) -> dict[str, tuple[int, bytes]]:
    """What the provider hashes: each file's name, mode and content."""
    return {
        path.relative_to(context.location).as_posix(): (path.stat().st_mode, path.read_bytes())
        for path in context.location.rglob("*")
        if path.is_file()
    }


def test_checkouts_with_another_umask_are_one_context(tmp_path: Path) -> None:
    usual, shared, closed = (planted(tmp_path / oct(umask), umask) for umask in (0o022, 0o002, 0o077))
    assert (shared / "Dockerfile").stat().st_mode != (usual / "Dockerfile").stat().st_mode
    assert held(prepare(usual)) == held(prepare(shared)) == held(prepare(closed))
    assert prepare(usual).digest == prepare(shared).digest == prepare(closed).digest


def test_the_context_holds_what_is_in_the_image_and_nothing_else(tree: Path) -> None:
    (tree / "README.md").write_text("not in the image")
    (tree / "function" / "__pycache__").mkdir()
    (tree / "function" / "__pycache__" / "handler.cpython-313.pyc").write_bytes(b"compiled")
    assert set(held(prepare(tree))) == set(FILES)


@pytest.mark.parametrize("name", [".env", "key.pem", "local_settings.json", "postgres/.pgpass"])
def test_a_secret_that_was_left_in_the_tree_is_not_in_the_context(tree: Path, name: str) -> None:
    (tree / "function" / name).parent.mkdir(exist_ok=True)
    (tree / "function" / name).write_text("password")
    assert set(held(prepare(tree))) == set(FILES)


def test_the_same_tree_has_the_same_digest(tree: Path) -> None:
    before = prepare(tree).digest
    (tree / "README.md").write_text("not in the image")
    (tree / "Dockerfile").touch()
    assert prepare(tree).digest == before


@pytest.mark.parametrize("name", FILES)
def test_any_change_of_what_is_built_changes_context_and_digest(tree: Path, name: str) -> None:
    before = prepare(tree).digest
    (tree / name).write_text("changed")
    after = prepare(tree)
    assert after.digest != before
    assert held(after)[name][1] == b"changed"


def test_a_file_that_moves_or_goes_leaves_nothing_behind(tree: Path) -> None:
    before = prepare(tree).digest
    (tree / "function" / "handler.py").rename(tree / "function" / "other.py")
    (tree / "function" / "migrations" / "0001_a.sql").unlink()
    after = prepare(tree)
    assert after.digest != before
    assert set(held(after)) == {"Dockerfile", ".dockerignore", "function/other.py"}


def test_a_context_that_is_right_already_is_not_written_again(tree: Path) -> None:
    """Or a preview could change the files under a build that goes on beside it."""
    context = prepare(tree)
    files = [path for path in context.location.rglob("*") if path.is_file()]
    for path in files:
        os.utime(path, ns=(0, 0))
    prepare(tree)
    assert {path.stat().st_mtime_ns for path in files} == {0}


def test_a_context_that_somebody_touched_is_made_right(tree: Path) -> None:
    context = prepare(tree)
    before = held(context)
    (context.location / "Dockerfile").chmod(0o600)
    (context.location / "function" / "handler.py").write_text("tampered")
    (context.location / "function" / "more.py").write_text("more")
    assert held(prepare(tree)) == before


def test_the_location_is_relative_as_the_tree_is_named(tree: Path) -> None:
    code = "from pathlib import Path; from infra.image.build_context import prepare; print(prepare(Path()).location)"
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tree,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == ".cache/image-context"


@pytest.mark.parametrize("name", ["report.html.jinja", "report.css"])
def test_what_a_page_is_made_of_is_in_the_image(tmp_path: Path, name: str) -> None:
    tree = planted(tmp_path / "tree")
    shutil.copytree(ROOT / "function" / "report_page", tree / "function" / "report_page")
    assert f"function/report_page/{name}" in held(prepare(tree))
    let_in = (ROOT / ".dockerignore").read_text().splitlines()
    assert {"!function", f"!function/**/*{Path(name).suffix}"} & {*let_in}
