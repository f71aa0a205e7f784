"""The container image: built from the tree and pushed to ECR, or an earlier one; used by its digest."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_docker_build as docker

from infra.configuration.config import Config
from infra.image.build_context import prepare

_IMAGES_KEPT = 50
_CACHE_DAYS_REPLACED = 1
_PLATFORMS = {"arm64": docker.Platform.LINUX_ARM64, "x86_64": docker.Platform.LINUX_AMD64}


@dataclass(frozen=True, kw_only=True)
class ImageArgs:
    """What is built, and for which processor.

    Attributes:
        config: its `image_digest` names an earlier image, and nothing is built; its `image_cache` needs a
            builder that can export its cache.
        tree: the repository's root. Relative, as it becomes part of the state: an absolute path would build
            again on every other machine.
    """

    config: Config
    tree: Path


class Image(pulumi.ComponentResource):
    """The repository and the image in it.

    Attributes:
        repository: the ECR repository of the images; the build cache has one of its own.
        account: the AWS account, known from its registry.
        uri: `<repository>@sha256:…`, which names these very bytes for ever.
    """

    def __init__(self, name: str, args: ImageArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:image:Image", name, None, opts)
        self._name, self._args = name, args
        config = args.config
        self.repository = self._repository(
            name, _keep_newest(_IMAGES_KEPT), force_delete=not config.deletion_protection
        )
        self.account = self.repository.registry_id
        cache = (
            self._repository(f"{name}-cache", _expire_untagged(_CACHE_DAYS_REPLACED), force_delete=True)
            if config.image_cache
            else None
        )
        digest = config.image_digest or self._image(cache).digest
        self.uri = pulumi.Output.concat(self.repository.repository_url, "@", digest)
        self.register_outputs({"uri": self.uri})

    def _repository(self, name: str, rule: dict[str, object], *, force_delete: bool) -> aws.ecr.Repository:
        child = pulumi.ResourceOptions(parent=self)
        repository = aws.ecr.Repository(
            name,
            image_tag_mutability="MUTABLE",
            image_scanning_configuration={"scan_on_push": True},
            encryption_configurations=[{"encryption_type": "AES256"}],
            force_delete=force_delete,
            opts=pulumi.ResourceOptions(parent=self, protect=not force_delete),
        )
        aws.ecr.LifecyclePolicy(
            name, repository=repository.name, policy=json.dumps({"rules": [rule]}), opts=child
        )
        return repository

    def _image(self, cache: aws.ecr.Repository | None) -> docker.Image:
        """Build and push. The registry's login is the machine's own, as of `docker login`: docs/adr/0021."""
        context, architecture = prepare(self._args.tree), self._args.config.architecture
        tag = f"{architecture}-{context.digest[:16]}"
        caching = _cached_in(pulumi.Output.concat(cache.repository_url, ":", architecture)) if cache else {}
        return docker.Image(
            self._name,
            context={"location": str(context.location)},
            dockerfile={"location": str(context.location / "Dockerfile")},
            platforms=[_PLATFORMS[architecture]],  # one only: Lambda refuses an index of several
            build_args={"SOURCE_DATE_EPOCH": "0"},  # or the image's digest would hold the time it was built
            tags=[pulumi.Output.concat(self.repository.repository_url, ":", tag)],
            push=True,
            build_on_preview=False,  # a preview would export its cache, and may not write anything
            # Deleting an image asks for a login; it stays, for whoever goes back to it.
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
            **caching,
        )


def _cached_in(ref: pulumi.Output[str]) -> dict[str, Any]:
    to_ecr: docker.CacheToArgsDict = {
        "registry": {
            "ref": ref,
            "mode": docker.CacheMode.MAX,
            "image_manifest": True,  # ECR takes a cache in no other form
            "oci_media_types": True,
        }
    }
    return {"cache_from": [{"registry": {"ref": ref}}], "cache_to": [to_ecr]}


def _keep_newest(count: int) -> dict[str, object]:
    """Of all images, tagged or not: one whose tag went to a newer build may be the one that is deployed."""
    return _expire(
        f"All but the newest {count} images",
        {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": count},
    )


def _expire_untagged(days: int) -> dict[str, object]:
    return _expire(
        "Caches that a later build replaced",
        {
            "tagStatus": "untagged",
            "countType": "sinceImagePushed",
            "countUnit": "days",
            "countNumber": days,
        },
    )


def _expire(description: str, selection: dict[str, object]) -> dict[str, object]:
    return {
        "rulePriority": 1,
        "description": description,
        "selection": selection,
        "action": {"type": "expire"},
    }
