"""`pipeline hash`, as it is typed; it needs no stack."""

import hashlib
from pathlib import Path

import pytest

from tests.e2e.support.pipeline_command import documents, pipeline, shell
from tests.support.schema import validate_command

CONTENT = b"name,age\nann,34\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data.bin"
    path.write_bytes(CONTENT)
    return path


def root(part_bytes: int) -> str:
    parts = [CONTENT[start : start + part_bytes] for start in range(0, len(CONTENT), part_bytes)]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def test_it_prints_both_digests_of_each_file(file: Path) -> None:
    done = pipeline("hash", file, "--part-bytes", 7, "--json")
    [told] = documents(done.stdout)
    validate_command("hash", told)
    assert told == {
        "path": str(file),
        "size_bytes": len(CONTENT),
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
        "sha256_parts": {"part_bytes": 7, "count": 3, "root": root(7)},
    }
    lines = pipeline("hash", file, file, "--part-bytes", 7).stdout.splitlines()
    assert lines[:3] == lines[3:]
    assert lines[1:3] == [
        f"  SHA-256  {told['sha256']}",
        f"  parts    {root(7)} of the digests of 3 parts of 7 bytes",
    ]


def test_parts_have_64_megabytes_unless_it_is_said(file: Path) -> None:
    [told] = documents(pipeline("hash", file, "--json").stdout)
    assert told["sha256_parts"] == {"part_bytes": 67_108_864, "count": 1, "root": root(67_108_864)}


def test_standard_input_and_pipes_are_read_as_they_are(file: Path) -> None:
    [told] = documents(shell(f"cat {file} | pipeline hash - --part-bytes 7 --json").stdout)
    assert (told["path"], told["sha256_parts"]["root"]) == ("-", root(7))
    [told] = documents(shell(f"pipeline hash <(cat {file}) --part-bytes 7 --json").stdout)
    assert told["sha256_parts"]["root"] == root(7)


def test_an_empty_file_has_no_parts(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    [told] = documents(pipeline("hash", tmp_path / "empty", "--json").stdout)
    validate_command("hash", told)
    assert told["sha256_parts"]["count"] == 0
    assert told["sha256"] == told["sha256_parts"]["root"]
