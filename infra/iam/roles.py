"""The one place where the stack's roles are made: each within the configured permissions boundary."""

import pulumi
import pulumi_aws as aws

from infra.configuration.config import Config


def make(
    name: str, config: Config, *, trust: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> aws.iam.Role:
    """A role that can do what its policies and the boundary, if there is one, both allow.

    Args:
        name: what its name begins with.
        config: names the boundary.
        trust: who may take it on, as a policy document.
        opts: its parent.
    """
    return aws.iam.Role(
        name,
        assume_role_policy=trust,
        permissions_boundary=config.permissions_boundary or None,
        opts=opts,
    )
