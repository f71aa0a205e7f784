import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.tags import compatible_tags, cpython_tags
from packaging.utils import parse_wheel_filename

from tests.infra.support.buildah import uv
from tests.infra.support.program import ROOT, tool

DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_hadolint_finds_nothing() -> None:
    done = subprocess.run(
        [tool("hadolint"), "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_both_stages_name_the_same_base_literally_by_tag_and_digest() -> None:
    """An ARG in a FROM is not moved by Dependabot."""
    bases = re.findall(r"^FROM (?:--platform=\S+ )?(\S+)", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 2
    assert len({*bases}) == 1
    assert re.fullmatch(r"public\.ecr\.aws/lambda/python:3\.\d+@sha256:[0-9a-f]{64}", bases[0])


def test_no_run_calls_a_command_that_the_base_lacks() -> None:
    """The base has no find, tar or which: what bash itself has not, commands.txt must list."""
    listed = (ROOT / "tests" / "infra" / "support" / "base" / "commands.txt").read_text().splitlines()
    there = {name for line in listed if not line.startswith("#") for name in line.split()}
    there |= {"exit", "cd", "set", "export"}  # of the shell itself
    called = [name for run in _runs(DOCKERFILE) for name in _called(run)]
    assert "python3" in called
    assert {"curl", "rm", "sha256sum", "chmod"} <= {*called}
    assert {*called} <= there


def test_a_command_that_the_base_lacks_is_seen_wherever_it_stands_in_a_run() -> None:
    run = "RUN case x in a) b=1 ;; *) which z ;; esac && if find /; then tar x; fi | gzip\n"
    assert [*_called(*_runs(run))] == ["which", "find", "tar", "gzip"]


def _runs(dockerfile: str) -> list[str]:
    """The script of each RUN, its comments out and its lines joined."""
    lines = "\n".join(line for line in dockerfile.splitlines() if not line.lstrip().startswith("#"))
    return re.findall(r"^RUN (.*)$", lines.replace("\\\n", " "), re.MULTILINE)


def _called(script: str) -> Iterator[str]:
    """The command words of a script: what stands where the shell expects a command, but for its keywords."""
    words = shlex.shlex(script, posix=True, punctuation_chars=";&|()")
    words.whitespace_split = True
    expected, until = True, ""  # until: what ends the head of a loop, or the patterns of a case
    for word in words:
        if word == "esac":
            until, expected = "", False
        elif until:
            expected = until in word
            until = {"in": ")"}.get(until, "") if expected else until
            expected = expected and not until
        elif word in {"for", "case"}:
            until = ";" if word == "for" else "in"
        elif {*word} <= {*";&|()"}:
            until = ")" if word == ";;" else ""
            expected = not until
        elif word in {"do", "then", "else", "if", "while", "until", "!", "{"}:
            expected = True
        elif expected and word not in {"done", "fi", "}"} and not re.match(r"\w+=", word):
            yield word
            expected = False


def test_the_image_s_requirements_are_those_of_the_lock() -> None:
    """Renew them with `make requirements`."""
    export = [
        uv(),
        "export",
        "--quiet",
        "--locked",
        "--only-group=function",
        "--no-emit-project",
        "--no-header",
    ]
    done = subprocess.run(export, cwd=ROOT, capture_output=True, text=True, check=True)
    assert (ROOT / "function" / "requirements.txt").read_text() == done.stdout


def test_every_requirement_is_pinned_with_its_hashes() -> None:
    text = (ROOT / "function" / "requirements.txt").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert len(lines) >= 3
    for line in lines:
        assert re.match(r"[\w.-]+==[\w.]+ .*--hash=sha256:[0-9a-f]{64}", line), line


@pytest.mark.parametrize("machine", ["aarch64", "x86_64"])
def test_there_is_a_wheel_of_every_requirement_for_the_image_s_own_python(machine: str) -> None:
    """The tests' base has another Python than AWS's; nothing of this image is ever compiled."""
    [minor] = {*re.findall(r"lambda/python:3\.(\d+)@", DOCKERFILE)}
    platforms = re.findall(r'--platform "(manylinux\w+)_\$\{machine\}"', DOCKERFILE)
    version, names = (3, int(minor)), [f"{each}_{machine}" for each in platforms]
    usable = {*cpython_tags(version, platforms=names), *compatible_tags(version, platforms=names)}
    locked = {each["name"]: each for each in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
    required = re.findall(r"^([\w.-]+)==", (ROOT / "function" / "requirements.txt").read_text(), re.MULTILINE)
    assert len(names) == 3
    for name in required:
        wheels = [each["url"].rpartition("/")[2] for each in locked[name]["wheels"]]
        assert any(parse_wheel_filename(wheel)[3] & usable for wheel in wheels), name


def test_the_authorities_are_pinned_by_digest() -> None:
    assert re.search(r"^ARG RDS_CA_SHA256=[0-9a-f]{64}$", DOCKERFILE, re.MULTILINE)


def test_nothing_of_the_target_is_run_while_building() -> None:
    """Or an image for arm64 could be built on x86 only by emulation, tens of times slower."""
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    assert "\nRUN " not in final
    assert re.search(r"^FROM --platform=\$BUILDPLATFORM \S+ AS build$", DOCKERFILE, re.MULTILINE)


def test_the_context_is_an_allow_list() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert lines[0] == "*"
    allowed = {line.removeprefix("!").split("/")[0] for line in lines if line.startswith("!")}
    copied = {
        source.split("/")[0] for source in re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE)
    }
    assert allowed == copied == {"function"}


@pytest.mark.parametrize("name", ["Dockerfile", ".dockerignore", "function"])
def test_what_is_built_is_in_the_tree(name: str) -> None:
    assert Path(ROOT, name).exists()
