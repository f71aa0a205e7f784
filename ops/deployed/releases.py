"""The images that a deployed stack can go back to: what its repository holds, and what its function runs."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ops.deployed.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Release:
    """One image in the repository.

    Attributes:
        digest: `sha256:…`, the value for `imageDigest`.
        pushed_at: when it came into the repository, in UTC.
        tags: what it was built for and from; none if another build of the same tree took the tag.
        deployed: whether the function runs it.
    """

    digest: str
    pushed_at: datetime
    tags: tuple[str, ...]
    deployed: bool

    def document(self) -> dict[str, Any]:
        """The same as JSON has it."""
        return {
            "digest": self.digest,
            "pushed_at": self.pushed_at.isoformat().replace("+00:00", "Z"),
            "tags": list(self.tags),
            "deployed": self.deployed,
        }


def releases(deployment: Deployment) -> list[Release]:
    """Every image in the stack's repository, newest first.

    Raises:
        ClientError: AWS refused to show the repository or the function.
    """
    registry, _, repository = deployment.names.repository_url.partition("/")
    pages = (
        deployment.session.client("ecr")
        .get_paginator("describe_images")
        .paginate(registryId=registry.partition(".")[0], repositoryName=repository)
    )
    deployed = _deployed(deployment)
    found = [
        Release(
            digest=image["imageDigest"],
            pushed_at=image["imagePushedAt"].astimezone(UTC),
            tags=tuple(image.get("imageTags", ())),
            deployed=image["imageDigest"] == deployed,
        )
        for page in pages
        for image in page["imageDetails"]
    ]
    return sorted(found, key=lambda release: release.pushed_at, reverse=True)


def previous(found: list[Release]) -> Release | None:
    """The newest image that is older than the deployed one; None if there is no such image."""
    numbers = [number for number, release in enumerate(found) if release.deployed]
    return next(iter(found[numbers[0] + 1 :]), None) if numbers else None


def _deployed(deployment: Deployment) -> str:
    """The digest that the function's image is named by."""
    answer = deployment.session.client("lambda").get_function(FunctionName=deployment.names.function_name)
    return str(answer["Code"]["ImageUri"].partition("@")[2])
