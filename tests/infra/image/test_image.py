import json
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.infra.conftest import DEV
from tests.infra.support.program import ROOT, Program, Resource, run

DIGEST = f"sha256:{'0a' * 32}"


@pytest.fixture(scope="module")
def pinned() -> Program:
    return run("dev", DEV | {"csv-pipeline:imageDigest": DIGEST})


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What the program reads of the tree, for a test to change."""
    for name in ("Dockerfile", ".dockerignore"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "function", tmp_path / "function", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def changed(before: Program, after: Program) -> dict[str, set[str]]:
    """Which inputs of which resources differ; a resource that only one has is an error."""
    mine, theirs = ({each.urn: each for each in program.resources} for program in (before, after))
    assert mine.keys() == theirs.keys()
    return {
        f"{new.type.split(':')[-1]} {new.name}": differing
        for urn, new in theirs.items()
        if (differing := _differing(mine[urn], new))
    }


def _differing(before: Resource, after: Resource) -> set[str]:
    names = before.inputs.keys() | after.inputs.keys()
    return {name for name in names if before.inputs.get(name) != after.inputs.get(name)}


def images(program: Program) -> Resource:
    return next(each for each in program.all("Repository") if not each.name.endswith("-cache"))


def test_the_repositories_scan_and_encrypt(program: Program) -> None:
    for repository in program.all("Repository"):
        assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
        assert repository["encryptionConfigurations"] == [{"encryptionType": "AES256"}]


def test_a_tree_that_comes_back_can_be_pushed_whatever_its_digest(program: Program) -> None:
    """An immutable tag is refused when another version of Docker has made other bytes of the same tree."""
    assert {each["imageTagMutability"] for each in program.all("Repository")} == {"MUTABLE"}
    [tag] = program.one("index:Image")["tags"]
    assert re.fullmatch(re.escape(program.outputs["repository_url"]) + r":arm64-[0-9a-f]{16}", tag)


def test_the_newest_fifty_images_are_kept_whether_they_have_a_tag_or_not(program: Program) -> None:
    [policy] = [each for each in program.all("LifecyclePolicy") if not each.name.endswith("-cache")]
    assert policy["repository"] == images(program).name + "-0a1b2c3"
    [rule] = json.loads(policy["policy"])["rules"]
    assert rule["selection"] == {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 50}


def test_caches_are_not_among_the_fifty_and_expire_once_they_are_replaced(dev: Program) -> None:
    cache = dev.one("Repository", "-cache")
    [ref] = [each["registry"]["ref"] for each in dev.one("index:Image")["cacheTo"]]
    assert ref.partition("/")[2] == f"{cache.name}-0a1b2c3:arm64"
    assert cache["forceDelete"] is True
    policy = dev.one("LifecyclePolicy", "-cache")
    assert policy["repository"] == f"{cache.name}-0a1b2c3"
    [rule] = json.loads(policy["policy"])["rules"]
    assert rule["selection"]["tagStatus"] == "untagged"


def test_there_is_no_place_for_caches_where_none_are_kept(prod: Program) -> None:
    assert [each.name for each in prod.all("Repository")] == ["csv-pipeline-prod"]


def test_the_image_is_one_platform_pushed_and_not_built_by_a_preview(program: Program) -> None:
    image = program.one("index:Image")
    assert image["platforms"] == ["linux/arm64"]
    assert image["push"] is True
    assert image["buildOnPreview"] is False
    assert image.retain
    assert not {"pull", "exec", "labels"} & set(image.inputs)  # each is a diff, or an OCI index


def test_the_image_does_not_hold_the_time_it_was_built(program: Program) -> None:
    assert program.one("index:Image")["buildArgs"] == {"SOURCE_DATE_EPOCH": "0"}


def test_the_registry_s_login_is_the_machine_s_own(program: Program) -> None:
    """A password in the state is as old as the last build; with it a refresh finds no image."""
    assert "registries" not in program.one("index:Image").inputs


def test_functions_run_the_image_by_digest_on_the_processor_it_is_built_for(program: Program) -> None:
    uri = program.outputs["image_uri"]
    assert re.fullmatch(re.escape(program.outputs["repository_url"]) + "@sha256:[0-9a-f]{64}", uri)
    functions = program.all("Function")
    assert len(functions) >= 2
    for function in functions:
        assert function["packageType"] == "Image"
        assert function["imageUri"] == uri
        assert function["architectures"] == ["arm64"]


def test_the_build_cache_is_in_a_form_that_ecr_takes(dev: Program, prod: Program) -> None:
    image = dev.one("index:Image")
    [cache] = image["cacheTo"]
    assert cache["registry"] == {
        "ref": cache["registry"]["ref"],
        "mode": "max",
        "imageManifest": True,
        "ociMediaTypes": True,
    }
    assert image["cacheFrom"] == [{"registry": {"ref": cache["registry"]["ref"]}}]
    assert not {"cacheTo", "cacheFrom"} & set(prod.one("index:Image").inputs)


def test_the_state_names_no_path_of_the_machine_that_deployed(program: Program) -> None:
    assert str(ROOT) not in json.dumps([each.inputs for each in program.resources])
    image = program.one("index:Image")
    assert image["context"] == {"location": ".cache/image-context"}
    assert image["dockerfile"] == {"location": ".cache/image-context/Dockerfile"}


def test_going_back_builds_nothing_and_runs_the_image_named(pinned: Program) -> None:
    assert pinned.all("index:Image") == []
    assert not [each for each in pinned.resources if "docker" in each.type]
    assert pinned.outputs["image_uri"] == f"{pinned.outputs['repository_url']}@{DIGEST}"
    assert {each["imageUri"] for each in pinned.all("Function")} == {pinned.outputs["image_uri"]}


def test_going_back_changes_the_functions_image_and_runs_the_migrations_and_nothing_else(
    dev: Program, pinned: Program
) -> None:
    """The image leaves the program and, being retained, stays in the repository: it can be gone back to."""
    built = Program([each for each in dev.resources if each is not dev.one("index:Image")], dev.outputs)
    assert changed(built, pinned) == deployment_of_an_image(dev)


def test_a_changed_source_file_changes_the_image_the_functions_and_the_migration_run(
    dev: Program, tree: Path
) -> None:
    assert changed(dev, run("dev", DEV, tree=tree)) == {}
    with (tree / "function" / "handler.py").open("a") as handler:
        handler.write("# changed\n")
    after = run("dev", DEV, tree=tree)
    assert changed(dev, after) == {"Image csv-pipeline-dev": {"tags"}} | deployment_of_an_image(dev)


def test_a_file_that_is_not_in_the_image_changes_nothing(dev: Program, tree: Path) -> None:
    (tree / "docs").mkdir()
    (tree / "docs" / "notes.md").write_text("A comment.\n")
    assert changed(dev, run("dev", DEV, tree=tree)) == {}


def test_a_checkout_with_another_umask_changes_nothing(dev: Program, tree: Path) -> None:
    for path in [path for path in tree.rglob("*") if path.is_file()]:
        path.chmod(path.stat().st_mode | 0o020)
    assert os.access(tree / "Dockerfile", os.R_OK)
    again = run("dev", DEV, tree=tree)
    assert changed(dev, again) == {}
    assert again.outputs["image_uri"] == dev.outputs["image_uri"]


def deployment_of_an_image(program: Program) -> dict[str, set[str]]:
    functions = {f"Function {each.name}": {"imageUri"} for each in program.all("Function")}
    return functions | {"Invocation csv-pipeline-dev-migrate": {"triggers"}}
