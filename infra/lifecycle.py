"""The rules by which objects of a bucket are archived or removed in time. Pure: days in, rule out."""

import pulumi_aws as aws

_ABORT_UPLOADS_DAYS = 7
_ARCHIVE = "GLACIER_IR"  # the colder class whose objects can still be read at once


def abort_uploads() -> aws.s3.BucketLifecycleConfigurationRuleArgsDict:
    """Parts of uploads that were never completed are removed."""
    """Parts of uploads that were never completed are removed."""
    return {
        "id": "abort-uploads",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "abort_incomplete_multipart_upload": {"days_after_initiation": _ABORT_UPLOADS_DAYS},
    }


def old_versions(days: int) -> aws.s3.BucketLifecycleConfigurationRuleArgsDict:
    """Remove overwritten and deleted versions."""
    return {
        "id": "remove-old-versions",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "expiration": {"expired_object_delete_marker": True},
        "noncurrent_version_expiration": {"noncurrent_days": days},
    }


def remove_work() -> aws.s3.BucketLifecycleConfigurationRuleArgsDict:
    """Remove what the parts of files found, whatever other rules keep.

    It expires after one to two days, as S3 waits for midnight (UTC), and its bytes go likewise after that.
    """
    return {
        "id": "remove-work",
        "status": "Enabled",
        "filter": {"prefix": "work/"},
        "expiration": {"days": 1},
        "noncurrent_version_expiration": {"noncurrent_days": 1},
    }


def archive(days: int) -> aws.s3.BucketLifecycleConfigurationRuleArgsDict:
    """Move backups to a class that costs less and is read as fast."""
    return {
        "id": "archive",
        "status": "Enabled",
        "filter": {"prefix": "backup/"},
        "transitions": [{"days": days, "storage_class": _ARCHIVE}],
        "noncurrent_version_transitions": [{"noncurrent_days": days, "storage_class": _ARCHIVE}],
    }


def expire(days: int) -> aws.s3.BucketLifecycleConfigurationRuleArgsDict:
    """Expire every object; remove it a day later."""
    return {
        "id": "expire",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "expiration": {"days": days},
        "noncurrent_version_expiration": {"noncurrent_days": 1},
    }
