"""The three buckets: what comes in, what comes out, and what is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.configuration.config import Config
from infra.iam import policies

_ABORT_UPLOADS_DAYS = 7
_ARCHIVE = "GLACIER_IR"  # the colder class whose objects can still be read at once


@dataclass(frozen=True, kw_only=True)
class StorageArgs:
    """What the buckets are called and how long they keep what: see `Config`.

    The buckets are `<bucketPrefix>-input`, `-output` and `-backup`; Pulumi knows them as `input`, `output`
    and `backup`, so that another prefix is a replacement, which protection refuses before anything is done.
    Versions that were overwritten or deleted are removed in time, but for those of backups.
    """

    config: Config


class Storage(pulumi.ComponentResource):
    """The buckets `input`, `output` and `backup`; what protects a bucket stays as long as the bucket does.

    Attributes:
        ready: what must be in place before a bucket takes objects.
    """

    def __init__(self, name: str, args: StorageArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:storage:Storage", name, None, opts)
        self._config = args.config
        self.ready: list[pulumi.Resource] = []
        old = [_old_versions(args.config.old_version_days)]
        archive = [_archive(args.config.backup_archive_days)] if args.config.backup_archive_days else []
        self.input = self._bucket("input", old)
        self.output = self._bucket("output", old)
        self.backup = self._bucket("backup", archive)
        self.arns = [bucket.arn for bucket in (self.input, self.output, self.backup)]
        self.register_outputs({"buckets": [self.input.bucket, self.output.bucket, self.backup.bucket]})

    def _bucket(
        self, role: str, rules: Sequence[aws.s3.BucketLifecycleConfigurationRuleArgsDict]
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
        self._close(role, bucket)
        aws.s3.BucketLifecycleConfiguration(
            role,
            bucket=bucket.id,
            rules=[_abort_uploads(), *rules],
            opts=self._opts(role, after=[versioning]),
        )
        return bucket

    def _close(self, role: str, bucket: aws.s3.Bucket) -> None:
        """Encrypted, private, owned by this account, and over TLS only."""
        opts = self._opts(role)
        aws.s3.BucketServerSideEncryptionConfiguration(
            role,
            bucket=bucket.id,
            rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
            opts=opts,
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
        aws.s3.BucketPolicy(
            role,
            bucket=bucket.id,
            policy=bucket.arn.apply(policies.tls_only),
            opts=self._opts(role, after=[block]),  # S3 refuses the two at once
        )

    def _opts(self, role: str, after: Sequence[pulumi.Resource] = ()) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=after,
            protect=self._config.deletion_protection,
            retain_on_delete=self._config.keeps_data,
            aliases=[pulumi.Alias(name=f"{self._config.bucket_prefix}-{role}")],  # its name in 0.1
        )


def _abort_uploads() -> aws.s3.BucketLifecycleConfigurationRuleArgsDict:
    return {
        "id": "abort-uploads",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "abort_incomplete_multipart_upload": {"days_after_initiation": _ABORT_UPLOADS_DAYS},
    }


def _old_versions(days: int) -> aws.s3.BucketLifecycleConfigurationRuleArgsDict:
    return {
        "id": "remove-old-versions",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "expiration": {"expired_object_delete_marker": True},
        "noncurrent_version_expiration": {"noncurrent_days": days},
    }


def _archive(days: int) -> aws.s3.BucketLifecycleConfigurationRuleArgsDict:
    return {
        "id": "archive",
        "status": "Enabled",
        "filter": {"prefix": "backup/"},
        "transitions": [{"days": days, "storage_class": _ARCHIVE}],
        "noncurrent_version_transitions": [{"noncurrent_days": days, "storage_class": _ARCHIVE}],
    }
