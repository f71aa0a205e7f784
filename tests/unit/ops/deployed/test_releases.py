import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import boto3
import pytest
from moto import mock_aws

from ops.deployed.deployment import Deployment
from ops.deployed.releases import Release, previous, releases

_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
NOW = datetime(2026, 11, 25, tzinfo=UTC)


class Session:
    """Real ECR clients of the emulator, and a Lambda whose function runs one image."""

    def __init__(self, image_uri: str = ""):
        self.image_uri = image_uri

    def client(self, service: str) -> Any:
        if service == "ecr":
            return boto3.client("ecr", region_name="eu-central-1")
        answer = {"Code": {"ImageUri": self.image_uri}}
        return SimpleNamespace(get_function=lambda FunctionName: answer)  # noqa: N803 AWS's own name


@pytest.fixture
def repository(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        ecr = boto3.client("ecr", region_name="eu-central-1")
        yield str(ecr.create_repository(repositoryName="csv-pipeline-dev")["repository"]["repositoryUri"])


def push(tag: str) -> str:
    manifest = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "config": {"digest": f"sha256:{tag * 64}"},
        "layers": [],
    }
    put = boto3.client("ecr", region_name="eu-central-1").put_image(
        repositoryName="csv-pipeline-dev", imageManifest=json.dumps(manifest), imageTag=tag
    )
    return str(put["image"]["imageId"]["imageDigest"])


def deployed(repository: str, digest: str) -> Deployment:
    names = SimpleNamespace(repository_url=repository, function_name="worker")
    session = Session(f"{repository}@{digest}")
    return cast("Deployment", SimpleNamespace(names=names, session=session))


def test_every_image_of_the_repository_is_listed_and_the_deployed_one_marked(repository: str) -> None:
    first, second = push("a"), push("b")
    found = releases(deployed(repository, first))
    assert {release.digest for release in found} == {first, second}
    assert {release.digest for release in found if release.deployed} == {first}
    assert {release.tags for release in found} == {("a",), ("b",)}
    assert sorted(found, key=lambda each: each.pushed_at, reverse=True) == found


def test_an_empty_repository_has_no_release(repository: str) -> None:
    assert releases(deployed(repository, "sha256:0")) == []


def test_the_previous_release_is_the_newest_one_older_than_the_deployed_one() -> None:
    found = [Release(f"sha256:{n}", NOW - timedelta(days=n), (), deployed=n == 1) for n in range(4)]
    assert previous(found) == found[2]


def test_there_is_no_previous_release_of_the_oldest_nor_of_one_that_is_not_listed() -> None:
    oldest = [Release("sha256:0", NOW, (), deployed=True)]
    assert previous(oldest) is None
    assert previous([Release("sha256:0", NOW, (), deployed=False)]) is None
