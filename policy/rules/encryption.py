"""What is stored is encrypted, with keys that are rotated."""

from collections.abc import Iterator

from pulumi_policy import ResourceValidationArgs


def encryption_at_rest(args: ResourceValidationArgs) -> Iterator[str]:
    """Databases, queues, disks and file systems are encrypted, and so is what a bucket holds."""
    flags = {
        "aws:rds/instance:Instance": "storageEncrypted",
        "aws:sqs/queue:Queue": "sqsManagedSseEnabled",
        "aws:ebs/volume:Volume": "encrypted",
        "aws:efs/fileSystem:FileSystem": "encrypted",
    }
    flag = flags.get(args.resource_type)
    if flag and not (args.props.get(flag) or args.props.get("kmsMasterKeyId")):
        yield f"{flag} must be true"
    if args.resource_type.endswith(":BucketServerSideEncryptionConfiguration") and not args.props.get(
        "rules"
    ):
        yield "a bucket needs a rule that encrypts"


def keys_are_rotated(args: ResourceValidationArgs) -> Iterator[str]:
    """A key of one's own gets new material every year, and its deletion can be taken back for 30 days."""
    if args.resource_type == "aws:kms/key:Key":
        if not args.props.get("enableKeyRotation"):
            yield "enableKeyRotation must be true"
        if (args.props.get("deletionWindowInDays") or 30) < 30:
            yield "deletionWindowInDays must be 30"


RULES = (
    encryption_at_rest,
    keys_are_rotated,
)
