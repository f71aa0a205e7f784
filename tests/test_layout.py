"""The tree stays one in which things are found: small modules, small folders, each with a purpose that is said."""

import ast
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINES_OF_MODULE = 200
LINES_OF_FUNCTION = 40
MODULES_IN_FOLDER = 12
MIRRORED = ("unit", "integration")  # kinds of tests whose folders are those of the source


def modules() -> list[Path]:
    """Every Python file of the project, relative to its root; also what git does not know yet."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return sorted(Path(name) for name in names if (ROOT / name).is_file())


MODULES = modules()
FOLDERS = sorted({module.parent for module in MODULES} - {Path()})


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def too_long(path: Path, text: str) -> list[str]:
    """The module and the functions of it that are beyond their limits, each with its line."""
    found = []
    lines = len(text.splitlines())
    if lines > LINES_OF_MODULE:
        found.append(f"{path}: {lines} lines, {LINES_OF_MODULE} at most")
    for function in functions(ast.parse(text)):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > LINES_OF_FUNCTION:
            place = f"{path}:{function.lineno}"
            found.append(f"{place}: {function.name} has {lines} lines, {LINES_OF_FUNCTION} at most")
    return found


def test_no_module_and_no_function_is_longer_than_a_reader_can_hold() -> None:
    found = [each for path in MODULES for each in too_long(path, (ROOT / path).read_text())]
    assert not found, "\n".join(found)


def test_what_is_too_long_is_named_with_its_limit() -> None:
    body = "def long():\n" + "    pass\n" * LINES_OF_FUNCTION
    assert too_long(Path("a.py"), body) == ["a.py:1: long has 41 lines, 40 at most"]
    assert too_long(Path("a.py"), "pass\n" * 200) == []
    assert too_long(Path("a.py"), "pass\n" * 201) == ["a.py: 201 lines, 200 at most"]


def test_no_folder_has_more_modules_than_can_be_looked_over() -> None:
    count = Counter(module.parent for module in MODULES if module.name != "__init__.py")
    found = [
        f"{folder}: {number} modules, {MODULES_IN_FOLDER} at most"
        for folder, number in sorted(count.items())
        if number > MODULES_IN_FOLDER
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_a_folder_says_what_it_is_for(folder: Path) -> None:
    package = ROOT / folder / "__init__.py"
    assert package.is_file(), f"{folder} has no __init__.py"
    purpose = ast.get_docstring(ast.parse(package.read_text()))
    assert purpose, f"{folder}/__init__.py has no docstring that says what the folder is for"
    first = purpose.split("\n\n")[0]
    assert first.endswith((".", ":")), f"{folder}/__init__.py: its first paragraph is no sentence"


@pytest.mark.parametrize("kind", MIRRORED)
def test_tests_stand_where_their_subject_stands(kind: str) -> None:
    own = {folder.relative_to("tests", kind) for folder in FOLDERS if folder.is_relative_to(f"tests/{kind}")}
    strangers = [
        f"tests/{kind}/{folder}" for folder in own - {Path("support")} if not (ROOT / folder).is_dir()
    ]
    assert not strangers, f"no such folder in the source: {', '.join(sorted(strangers))}"


@pytest.mark.parametrize("folder", sorted({folder.parts[0] for folder in FOLDERS}))
def test_the_readme_names_every_folder_of_code(folder: str) -> None:
    table = re.findall(r"^\| \[.*", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert any(f"({folder})" in row for row in table), f"{folder}/ is not in README's table of folders"


@pytest.mark.parametrize("folder", [each for each in FOLDERS if each.parts[0] == "function"], ids=str)
def test_the_documents_name_every_folder_of_the_function(folder: Path) -> None:
    told = "".join((ROOT / name).read_text() for name in ("README.md", "docs/architecture.md"))
    assert f"{folder}/" in told, f"{folder}/ is neither in README.md nor in docs/architecture.md"
