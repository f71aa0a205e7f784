import json
from pathlib import Path

import pytest

from infra.image import content_digest
from tests.infra.program import ROOT, Program


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("Dockerfile", ".dockerignore", "function/handler.py", "function/migrations/0001_a.sql"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_the_repository_scans_encrypts_and_never_overwrites_an_image(program: Program) -> None:
    repository = program.one("Repository")
    assert repository["imageTagMutability"] == "IMMUTABLE_WITH_EXCLUSION"
    assert repository["imageTagMutabilityExclusionFilters"] == [
        {"filter": "cache*", "filterType": "WILDCARD"}
    ]
    assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
    assert repository["encryptionConfigurations"] == [{"encryptionType": "AES256"}]


def test_only_images_without_a_tag_expire(program: Program) -> None:
    rules = json.loads(program.one("LifecyclePolicy")["policy"])["rules"]
    assert [rule["selection"]["tagStatus"] for rule in rules] == ["untagged"]
    [tag] = program.one("index:Image")["tags"]
    assert tag.startswith(program.outputs["repository_url"] + ":arm64-")


def test_the_image_is_one_platform_pushed_and_not_built_by_a_preview(program: Program) -> None:
    image = program.one("index:Image")
    assert image["platforms"] == ["linux/arm64"]
    assert image["push"] is True
    assert image["buildOnPreview"] is False
    assert image.retain
    assert not {"pull", "exec", "labels", "buildArgs"} & set(image.inputs)  # each is a diff, or an OCI index


def test_functions_run_the_image_by_digest_on_the_processor_it_is_built_for(program: Program) -> None:
    uri = program.outputs["image_uri"]
    assert uri == f"{program.outputs['repository_url']}@sha256:{'d' * 64}"
    functions = program.all("Function")
    assert len(functions) == 2
    for function in functions:
        assert function["packageType"] == "Image"
        assert function["imageUri"] == uri
        assert function["architectures"] == ["arm64"]


def test_the_build_cache_is_in_a_form_that_ecr_takes(dev: Program, prod: Program) -> None:
    image = dev.one("index:Image")
    [cache] = image["cacheTo"]
    assert cache["registry"] == {
        "ref": f"{dev.outputs['repository_url']}:cache-arm64",
        "mode": "max",
        "imageManifest": True,
        "ociMediaTypes": True,
    }
    assert image["cacheFrom"] == [{"registry": {"ref": cache["registry"]["ref"]}}]
    assert not {"cacheTo", "cacheFrom"} & set(prod.one("index:Image").inputs)


def test_the_state_names_no_path_of_the_machine_that_deployed(program: Program) -> None:
    assert str(ROOT) not in json.dumps([each.inputs for each in program.resources])
    assert program.one("index:Image")["context"] == {"location": "."}


def test_the_same_tree_has_the_same_digest(tree: Path) -> None:
    before = content_digest(tree)
    (tree / "function" / "__pycache__").mkdir()
    (tree / "function" / "__pycache__" / "handler.cpython-313.pyc").write_bytes(b"compiled")
    (tree / "README.md").write_text("not in the image")
    (tree / "Dockerfile").touch()
    assert content_digest(tree) == before


@pytest.mark.parametrize("name", ["Dockerfile", ".dockerignore", "function/migrations/0001_a.sql"])
def test_any_change_of_what_is_built_changes_the_digest(tree: Path, name: str) -> None:
    before = content_digest(tree)
    (tree / name).write_text("changed")
    assert content_digest(tree) != before


def test_a_file_that_moves_changes_the_digest(tree: Path) -> None:
    before = content_digest(tree)
    (tree / "function" / "handler.py").rename(tree / "function" / "other.py")
    assert content_digest(tree) != before
