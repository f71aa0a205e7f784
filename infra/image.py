"""The function's container image: built from the tree, pushed to ECR, and used by its digest."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_docker_build as docker

from infra.config import Config

_CACHE_TAG = "cache"
_DAYS_UNTAGGED = 14
_PLATFORMS = {"arm64": docker.Platform.LINUX_ARM64, "x86_64": docker.Platform.LINUX_AMD64}


@dataclass(frozen=True, kw_only=True)
class ImageArgs:
    """What is built, and for which processor.

    Attributes:
        config: its `image_cache` needs a builder that can export its cache.
        context: the repository's root, with Dockerfile and .dockerignore. Relative, as it becomes part of
            the state: an absolute path would build again on every other machine.
    """

    config: Config
    context: Path


class Image(pulumi.ComponentResource):
    """The repository and the image in it.

    Attributes:
        repository: the ECR repository.
        account: the AWS account, known from its registry.
        uri: `<repository>@sha256:…`, which names these very bytes for ever.
        tag: the digest of what the image was built from.
    """

    def __init__(self, name: str, args: ImageArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:image:Image", name, None, opts)
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        self.tag = f"{args.config.architecture}-{content_digest(args.context)[:16]}"
        self.repository = self._repository()
        self.account = self.repository.registry_id
        image = self._image()
        self.uri = pulumi.Output.concat(self.repository.repository_url, "@", image.digest)
        self.register_outputs({"uri": self.uri})

    def _repository(self) -> aws.ecr.Repository:
        repository = aws.ecr.Repository(
            self._name,
            image_tag_mutability="IMMUTABLE_WITH_EXCLUSION",
            image_tag_mutability_exclusion_filters=[{"filter": f"{_CACHE_TAG}*", "filter_type": "WILDCARD"}],
            image_scanning_configuration={"scan_on_push": True},
            encryption_configurations=[{"encryption_type": "AES256"}],
            force_delete=not self._args.config.deletion_protection,
            opts=pulumi.ResourceOptions(parent=self, protect=self._args.config.deletion_protection),
        )
        aws.ecr.LifecyclePolicy(
            self._name, repository=repository.name, policy=json.dumps(_expire_untagged()), opts=self._child
        )
        return repository

    def _image(self) -> docker.Image:
        url = self.repository.repository_url
        cache = pulumi.Output.concat(url, f":{_CACHE_TAG}-{self._args.config.architecture}")
        token = aws.ecr.get_authorization_token_output(
            registry_id=self.repository.registry_id, opts=pulumi.InvokeOutputOptions(parent=self)
        )
        to_ecr: docker.CacheToArgsDict = {
            "registry": {
                "ref": cache,
                "mode": docker.CacheMode.MAX,
                "image_manifest": True,  # ECR takes a cache in no other form
                "oci_media_types": True,
            }
        }
        return docker.Image(
            self._name,
            context={"location": str(self._args.context)},
            dockerfile={"location": str(self._args.context / "Dockerfile")},
            platforms=[
                _PLATFORMS[self._args.config.architecture]
            ],  # one only: Lambda refuses an index of several
            tags=[pulumi.Output.concat(url, ":", self.tag)],
            push=True,
            build_on_preview=False,  # a preview would export its cache, and may not write anything
            cache_from=[{"registry": {"ref": cache}}] if self._args.config.image_cache else None,
            cache_to=[to_ecr] if self._args.config.image_cache else None,
            registries=[
                {
                    "address": url,
                    "username": "AWS",
                    "password": pulumi.Output.secret(token.password),
                }
            ],
            # Deleting an image asks for a live login; the repository's own deletion takes it along.
            opts=pulumi.ResourceOptions(
                parent=self, retain_on_delete=True, additional_secret_outputs=["registries"]
            ),
        )


def content_digest(context: Path) -> str:
    """SHA-256 of the files that go into the image, by name and content: the same tree, the same tag."""
    digest = hashlib.sha256()
    for path in _sources(context):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(context).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _sources(context: Path) -> Iterator[Path]:
    yield context / "Dockerfile"
    yield context / ".dockerignore"
    yield from sorted(
        path
        for path in (context / "function").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )


def _expire_untagged() -> dict[str, list[dict[str, object]]]:
    """Only what has lost its tag goes: every image ever deployed keeps its own, immutable, tag."""
    return {
        "rules": [
            {
                "rulePriority": 1,
                "description": "Caches that a later build replaced",
                "selection": {
                    "tagStatus": "untagged",
                    "countType": "sinceImagePushed",
                    "countUnit": "days",
                    "countNumber": _DAYS_UNTAGGED,
                },
                "action": {"type": "expire"},
            }
        ]
    }
