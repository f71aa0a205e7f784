"""What runs is known, what it says is kept for a time, and production cannot be lost."""

from collections.abc import Iterator

from pulumi_policy import ResourceValidationArgs

from policy.rules.documents import parsed
from policy.rules.stacks import is_production

_HOLDS_DATA = {
    "aws:ecr/repository:Repository",
    "aws:kms/key:Key",
    "aws:rds/instance:Instance",
    "aws:secretsmanager/secret:Secret",
    "aws:sqs/queue:Queue",
}
_NO_GUARD = "aws:s3/bucketNotification:"  # of all that belongs to a bucket, it alone protects no object


def images_are_looked_through(args: ResourceValidationArgs) -> Iterator[str]:
    """A registry looks for known vulnerabilities in what is pushed."""
    scanning = args.props.get("imageScanningConfiguration") or {}
    if args.resource_type == "aws:ecr/repository:Repository" and not scanning.get("scanOnPush"):
        yield "imageScanningConfiguration.scanOnPush must be true"


def functions_run_known_images(args: ResourceValidationArgs) -> Iterator[str]:
    """A tag may be moved; a digest may not."""
    uri = args.props.get("imageUri") if args.resource_type == "aws:lambda/function:Function" else None
    if uri and "@sha256:" not in uri:
        yield "imageUri must name a digest"


def logs_are_forgotten(args: ResourceValidationArgs) -> Iterator[str]:
    """A log group without a retention is kept, and paid for, for ever."""
    if args.resource_type == "aws:cloudwatch/logGroup:LogGroup" and not args.props.get("retentionInDays"):
        yield "retentionInDays must be set"


def executions_are_logged_without_their_data(args: ResourceValidationArgs) -> Iterator[str]:
    """A state machine says why an execution failed, and keeps what was processed out of the log."""
    if args.resource_type != "aws:sfn/stateMachine:StateMachine":
        return
    logging = args.props.get("loggingConfiguration") or {}
    if logging.get("level") not in {"ERROR", "FATAL", "ALL"} or not logging.get("logDestination"):
        yield "loggingConfiguration must have a logDestination and a level"
    if logging.get("includeExecutionData"):
        yield "loggingConfiguration.includeExecutionData must be false"


def everything_is_tagged(args: ResourceValidationArgs) -> Iterator[str]:
    """Resources come from a provider that tags them with Project and Stack."""
    if args.resource_type == "pulumi:providers:aws":
        tags = parsed(args.props.get("defaultTags") or {}).get("tags", {})
        yield from (f"the provider must tag {name}" for name in ("Project", "Stack") if name not in tags)


def production_is_protected(args: ResourceValidationArgs) -> Iterator[str]:
    """In a stack called prod, what holds data refuses deletion, and so does all that protects a bucket."""
    if not is_production(args):
        return
    of_bucket = args.resource_type.startswith("aws:s3/bucket") and not args.resource_type.startswith(
        _NO_GUARD
    )
    if (args.resource_type in _HOLDS_DATA or of_bucket) and not args.opts.protect:
        yield "must be protected in production"
    if args.resource_type == "aws:rds/instance:Instance" and not args.props.get("deletionProtection"):
        yield "deletionProtection must be true in production"


RULES = (
    images_are_looked_through,
    functions_run_known_images,
    logs_are_forgotten,
    executions_are_logged_without_their_data,
    everything_is_tagged,
    production_is_protected,
)
