"""The key that everything at rest is encrypted with: AWS's, one that is there, or one of the stack's own."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.configuration.config import Config
from infra.iam import key_policy

_DELETION_DAYS = 30  # the longest in which a deletion can be taken back


@dataclass(frozen=True, kw_only=True)
class EncryptionArgs:
    """What the key's policy speaks of.

    Attributes:
        config: whether data outlives the stack, and which accounts upload.
        region, account: where the services are that may use it, and for whom.
    """

    config: Config
    region: str
    account: pulumi.Input[str]


class Encryption(pulumi.ComponentResource):
    """A customer-managed key, which AWS rotates every year.

    Attributes:
        key_arn: the key.
    """

    def __init__(self, name: str, args: EncryptionArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:encryption:Encryption", name, None, opts)
        uploaders = args.config.uploader_accounts
        policy = pulumi.Output.from_input(args.account).apply(
            lambda account: key_policy.key_policy(name, args.region, account, uploaders)
        )
        key = aws.kms.Key(
            name,
            description=f"Encrypts what {name} holds",
            enable_key_rotation=True,
            deletion_window_in_days=_DELETION_DAYS,
            policy=policy,
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.config.deletion_protection,
                retain_on_delete=args.config.keeps_data,  # buckets and snapshot that stay can be read
            ),
        )
        self.key_arn = key.arn
        self.register_outputs({"key_arn": self.key_arn})


def key_arn(
    name: str, args: EncryptionArgs, opts: pulumi.ResourceOptions | None = None
) -> pulumi.Input[str] | None:
    """The ARN of the key that the configuration asks for; None for AWS's own keys."""
    if args.config.makes_key:
        return Encryption(name, args, opts).key_arn
    return args.config.kms_key_arn or None
