"""Which stack a resource belongs to."""

from pulumi_policy import ResourceValidationArgs


def is_production(args: ResourceValidationArgs) -> bool:
    """Whether it belongs to a stack called prod."""
    return args.urn.split("::")[0] == "urn:pulumi:prod"
