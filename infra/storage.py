"""The three buckets: what comes in, what comes out, and what is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import lifecycle
from infra.configuration.config import Config
from infra.iam import resource_policies

_LOGS = "logs"
_Policy = Callable[[str, str], pulumi.Input[str]]


@dataclass(frozen=True, kw_only=True)
class StorageArgs:
    """What the buckets are called and how long they keep what: see `Config`; whose they are; and their key.

    The buckets are `<bucketPrefix>-input`, `-output` and `-backup`; Pulumi knows them as `input`, `output`
    and `backup`, so that another prefix is a replacement, which protection refuses before anything is done.
    Versions that were overwritten or deleted are removed in time, but for those of backups.
    """

    config: Config
    account: pulumi.Input[str]
    key: pulumi.Input[str] | None


class Storage(pulumi.ComponentResource):
    """The buckets `input`, `output` and `backup`; what protects a bucket stays as long as the bucket does.

    Attributes:
        ready: what must be in place before a bucket takes objects.
    """

    def __init__(self, name: str, args: StorageArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:storage:Storage", name, None, opts)
        self._config, self._args = args.config, args
        self.ready: list[pulumi.Resource] = []
        self._policies: dict[str, aws.s3.BucketPolicy] = {}
        old = [lifecycle.old_versions(args.config.old_version_days)]
        archive = (
            [lifecycle.archive(args.config.backup_archive_days)] if args.config.backup_archive_days else []
        )
        uploaders = args.config.uploader_accounts
        self.input = self._bucket(
            "input", old, lambda arn, account: resource_policies.bucket(arn, account, uploaders)
        )
        work = [lifecycle.remove_work()] if args.config.splits else []
        self.output = self._bucket("output", [*old, *work])
        self.backup = self._bucket("backup", archive)
        self._lock(args.config.object_lock_days)
        self.arns = [bucket.arn for bucket in (self.input, self.output, self.backup)]
        if args.config.access_logs:
            self._log_access()
        self.register_outputs({"buckets": [self.input.bucket, self.output.bucket, self.backup.bucket]})

    def _bucket(
        self,
        role: str,
        rules: Sequence[aws.s3.BucketLifecycleConfigurationRuleArgsDict],
        policy: _Policy = resource_policies.bucket,
    ) -> aws.s3.Bucket:
        opts = self._opts(role)
        bucket = aws.s3.Bucket(
            role,
            bucket=f"{self._config.bucket_prefix}-{role}",
            force_destroy=not self._config.keeps_data,
            opts=opts,
        )
        versioning = aws.s3.BucketVersioning(
            role, bucket=bucket.id, versioning_configuration={"status": "Enabled"}, opts=opts
        )
        self.ready.append(versioning)
        self._close(role, bucket, policy)
        aws.s3.BucketLifecycleConfiguration(
            role,
            bucket=bucket.id,
            rules=[lifecycle.abort_uploads(), *rules],
            opts=self._opts(role, after=[versioning]),
        )
        return bucket

    def _close(self, role: str, bucket: aws.s3.Bucket, policy: _Policy) -> None:
        """Encrypted, private, owned by this account, for this account, and over TLS only."""
        opts = self._opts(role)
        aws.s3.BucketServerSideEncryptionConfiguration(
            role, bucket=bucket.id, rules=[_encrypted(None if role == _LOGS else self._args.key)], opts=opts
        )
        aws.s3.BucketOwnershipControls(
            role, bucket=bucket.id, rule={"object_ownership": "BucketOwnerEnforced"}, opts=opts
        )
        block = aws.s3.BucketPublicAccessBlock(
            role,
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=opts,
        )
        self._policies[role] = aws.s3.BucketPolicy(
            role,
            bucket=bucket.id,
            policy=pulumi.Output.all(bucket.arn, self._args.account).apply(lambda both: policy(*both)),
            opts=self._opts(role, after=[block]),  # S3 refuses the two at once
        )

    def _lock(self, days: int) -> None:
        """New backups can be deleted by nobody for so long, but who may bypass governance.

        S3 takes it for a bucket that is there, if it keeps versions: nothing is replaced. A lock is for good:
        without days, only what comes from then on is no longer locked.
        """
        if days:
            aws.s3.BucketObjectLockConfiguration(
                "backup",
                bucket=self.backup.id,
                rule={"default_retention": {"mode": "GOVERNANCE", "days": days}},
                opts=self._opts("backup", after=self.ready),
            )

    def _log_access(self) -> None:
        """S3 delivers to no bucket with a key of one's own ("Enabling Amazon S3 server access logging")."""
        sources = pulumi.Output.all(*self.arns)
        logs = self._bucket(
            _LOGS,
            [lifecycle.expire(self._config.log_retention_days)],
            lambda arn, account: sources.apply(
                lambda known: resource_policies.access_logs(arn, account, known)
            ),
        )
        for role, bucket in (("input", self.input), ("output", self.output), ("backup", self.backup)):
            aws.s3.BucketLogging(
                role,
                bucket=bucket.id,
                target_bucket=logs.id,
                target_prefix=f"{role}/",
                opts=self._opts(role, after=[self._policies[_LOGS]]),
            )

    def _opts(self, role: str, after: Sequence[pulumi.Resource] = ()) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=after,
            protect=self._config.deletion_protection,
            retain_on_delete=self._config.keeps_data,
            aliases=[pulumi.Alias(name=f"{self._config.bucket_prefix}-{role}")],  # its name in 0.1
        )


def _encrypted(key: pulumi.Input[str] | None) -> aws.s3.BucketServerSideEncryptionConfigurationRuleArgsDict:
    if not key:
        return {"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}
    return {
        "apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms", "kms_master_key_id": key},
        "bucket_key_enabled": True,  # or KMS is asked, and paid, for every object
    }
