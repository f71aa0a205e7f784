"""Nothing is reached from the internet."""

from collections.abc import Iterator

from pulumi_policy import ResourceValidationArgs

_ANYWHERE = {"0.0.0.0/0", "::/0"}


def databases_stay_private(args: ResourceValidationArgs) -> Iterator[str]:
    """No public address, and no password that somebody has to keep."""
    if args.resource_type == "aws:rds/instance:Instance":
        if args.props.get("publiclyAccessible"):
            yield "publiclyAccessible must be false"
        if args.props.get("password") or not args.props.get("manageMasterUserPassword"):
            yield "RDS must manage the master password"


def nobody_comes_in_from_anywhere(args: ResourceValidationArgs) -> Iterator[str]:
    """No security group is open to the world, by separate rules or by its own."""
    inline = args.props.get("ingress") or []
    rules = [args.props] if args.resource_type.endswith(":SecurityGroupIngressRule") else inline
    for rule in rules:
        ranges = {rule.get("cidrIpv4"), rule.get("cidrIpv6"), *(rule.get("cidrBlocks") or [])}
        if ranges & _ANYWHERE:
            yield "ingress from anywhere"


RULES = (
    databases_stay_private,
    nobody_comes_in_from_anywhere,
)
