"""The image is really built from the Dockerfile, and really answers."""

import importlib.metadata
import json
import re
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from function.domain.model import CsvObject
from infra.image import build_context
from local.processes.group import Processes
from local.stack import Stack
from tests.infra.support import buildah, container
from tests.infra.support.program import ROOT
from tests.support import uploads

pytestmark = [
    pytest.mark.skipif(bool(buildah.why_not()), reason=buildah.why_not() or "it can"),
    pytest.mark.timeout(900),
]
SAMPLE = next((ROOT / "local" / "samples").glob("*.csv"))
NAMES = ("OUTPUT_BUCKET", "BACKUP_BUCKET", "TOPIC_ARN", "DATABASE_SECRET_ARN")


@pytest.fixture(scope="module")
def image(stack: Stack) -> Iterator[str]:
    yield container.build("localhost/pipeline:test", stack.postgres.ca_file)
    buildah.tidy_up()


@pytest.fixture(scope="module")
def files(image: str) -> Iterator[Path]:
    with buildah.container(image) as (_, root):
        yield root


@pytest.fixture(scope="module")
def served(stack: Stack, image: str) -> Iterator[container.Served]:
    environment = {
        name: value for name, value in stack.environment.items() if name.startswith("AWS_") or name in NAMES
    }
    with buildah.container(image) as (name, _), Processes() as processes:
        yield container.Served(processes, name, image, environment)


def test_the_image_answers_an_event_with_the_result_that_the_local_stack_gives(
    stack: Stack, served: container.Served
) -> None:
    body = SAMPLE.read_bytes()
    expected = uploads.finished(stack, uploads.put(stack, "image/here.csv", body)).result
    quiet = stack.names.backup_bucket  # whose uploads call nobody
    answer = stack.client("s3").put_object(Bucket=quiet, Key="image/there.csv", Body=body)
    obj = CsvObject(quiet, "image/there.csv", answer["VersionId"], "", len(body), datetime.now(UTC))

    [line] = served.invoke(uploads.event(obj))

    assert (line["key"], line["status"], line["error_code"]) == (obj.key, "succeeded", None)
    traces = uploads.traces(stack, obj)
    traces.assert_exactly_once("succeeded")
    assert traces.body == body
    assert traces.result["csv"] == expected["csv"]
    assert traces.result["source"]["sha256"] == expected["source"]["sha256"]
    assert traces.result.keys() == expected.keys()


def test_the_image_makes_the_page_of_a_file_that_failed(stack: Stack, served: container.Served) -> None:
    body = b"id,name\n" + b"1,ann\n" * 9 + b"2\n"
    obj = uploads.put(stack, "image/bad.csv", body, stack.names.backup_bucket)  # whose uploads call nobody
    [line] = served.invoke(uploads.event(obj))
    assert line["error_code"] == "ragged_rows"
    assert "Not accepted: ragged_rows, line 11" in uploads.page(stack, uploads.traces(stack, obj).result)


def test_the_image_tells_what_is_wrong_with_an_event_that_is_none_of_its(served: container.Served) -> None:
    answer = served.invoke({"hello": "world"})
    assert answer["errorType"] == "EventError"


def test_the_image_runs_the_handler_as_nobody_in_particular(image: str) -> None:
    config = buildah.config(image)
    assert config["User"] == "1000:1000"
    assert config["Cmd"] == ["function.handler.handler"]
    assert "DATABASE_CA_FILE=/var/task/rds-ca.pem" in config["Env"]


def test_the_image_holds_what_the_function_needs_and_nothing_else(files: Path) -> None:
    task = files / "var" / "task"
    installed = {each.name: each for each in importlib.metadata.distributions(path=[str(task)])}
    requirements = (ROOT / "function" / "requirements.txt").read_text()
    assert {canonicalize_name(name) for name in installed} == set(
        re.findall(r"^([\w.-]+)==", requirements, re.MULTILINE)
    )
    theirs = {file.parts[0] for each in installed.values() for file in each.files or ()}
    assert {each.name for each in task.iterdir()} - theirs == {"function", "rds-ca.pem", "__pycache__"}
    assert {each.name for each in (task / "botocore" / "data").iterdir() if each.is_dir()} == {
        "s3",
        "secretsmanager",
        "sns",
        "stepfunctions",
    }
    endpoints = json.loads((task / "botocore" / "data" / "endpoints.json").read_bytes())
    for partition in endpoints["partitions"]:
        assert partition["services"].keys() <= {"s3", "secretsmanager", "sns", "states"}
    assert "eu-central-1" in endpoints["partitions"][0]["services"]["sns"]["endpoints"]
    for kind in ("*.py", "*.sql", "*.jinja", "*.css"):
        function = {path.relative_to(ROOT) for path in (ROOT / "function").rglob(kind)}
        assert {path.relative_to(task) for path in (task / "function").rglob(kind)} == function
    assert not list(files.glob("root/.cache/**/*"))


def test_every_module_is_compiled_and_never_compiled_again(files: Path) -> None:
    modules = list((files / "var" / "task" / "function").rglob("*.py"))
    assert modules
    for module in modules:
        [compiled] = (module.parent / "__pycache__").glob(f"{module.stem}.*.pyc")
        assert compiled.read_bytes()[4:8] == b"\x01\0\0\0"  # PEP 552: hash-based, and not checked


def test_the_same_tree_gives_the_same_layers(files: Path) -> None:
    for path in (files / "var" / "task").rglob("*"):
        about = path.lstat()
        assert about.st_mtime == 0, path
        assert stat.S_IMODE(about.st_mode) in {0o644, 0o755}, path
        assert about.st_uid == about.st_gid == 0, path


def test_a_tree_that_comes_back_gives_the_same_digest(tmp_path: Path, image: str, stack: Stack) -> None:
    """A, B, A: both A built without a cache, the second from a checkout made later and with another umask.

    buildah's --timestamp stands for SOURCE_DATE_EPOCH, which this version of it does not know as an argument.
    """

    def built(name: str, *, changed: bool = False, umask: int = 0o022) -> str:
        tree = container.checkout(tmp_path / name, umask)
        if changed:
            (tree / "function" / "names.py").write_text("# changed\n")
        context = build_context.prepare(tree).location
        tag = f"localhost/pipeline:{name}"
        options = ["--timestamp=0", "--no-cache"]
        container.build(tag, stack.postgres.ca_file, context=context, more=options)
        return buildah.digest(tag)

    first, other, again = built("first"), built("other", changed=True), built("again", umask=0o002)
    assert other != first == again


def test_no_secret_of_the_tree_or_of_the_machine_is_in_the_image(
    tmp_path: Path, image: str, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = b"canaryq7"
    tree = container.checkout(tmp_path / "planted", 0o022)
    for name in ("function/.env", "function/key.pem", "function/postgres/.pgpass", ".env", "Pulumi.dev.yaml"):
        (tree / name).write_bytes(word)
    for name in ("AWS_SECRET_ACCESS_KEY", "PGPASSWORD", "PULUMI_CONFIG_PASSPHRASE"):
        monkeypatch.setenv(name, word.decode())
    tag = container.build("localhost/pipeline:planted", stack.postgres.ca_file, context=tree)
    assert word.decode() not in buildah.buildah("inspect", "--type=image", tag)
    with buildah.container(tag) as (_, root):
        assert (root / "var" / "task" / "function" / "handler.py").exists()
        files = [each for each in root.rglob("*") if each.is_file() and not each.is_symlink()]
        assert [each for each in files if word in each.read_bytes()] == []


def test_an_image_for_another_processor_holds_libraries_for_that_processor(image: str, stack: Stack) -> None:
    tag = container.build(
        "localhost/pipeline:arm64", stack.postgres.ca_file, target="build", architecture="arm64"
    )
    with buildah.container(tag) as (_, root):
        libraries = list((root / "packages").rglob("*.so"))
        assert len(libraries) >= 3
        for library in libraries:
            assert library.read_bytes()[18:20] == b"\xb7\x00", library  # ELF e_machine: EM_AARCH64


def test_authorities_that_are_not_the_pinned_ones_stop_the_build(tmp_path: Path, image: str) -> None:
    forged = tmp_path / "ca.pem"
    forged.write_text("somebody else's")
    tampered = tmp_path / "served" / "ca.pem"
    tampered.parent.mkdir()
    tampered.write_text("changed on the way")
    with pytest.raises(RuntimeError, match="FAILED|did NOT match"):
        container.build("localhost/pipeline:forged", tampered, checksum_of=forged)


def test_the_layers_are_small_where_they_change_often(image: str, capsys: pytest.CaptureFixture[str]) -> None:
    base, packages, function = buildah.layers(image)
    with capsys.disabled():
        sys.stdout.write(
            f"\nimage layers, uncompressed: packages {packages / 1e6:.1f} MB, function {function / 1e6:.2f} MB,"
            f" on a base that stands in for AWS's ({base / 1e6:.0f} MB)\n"
        )
    assert packages < 230e6
    assert function < 2.5e6
