"""The calls for what holds or carries data: buckets, database, secret, queue, topic.

Source: the resource's file in internal/service of terraform-provider-aws, whose code the Pulumi provider runs;
which resources an action is authorized on: the service's page in the service authorization reference.
"""

from tests.infra.support.calls.call import Call, change, make, read, tagged

_BUCKET = "arn:aws:s3:::{bucket}"
_RDS = "arn:aws:rds:{region}:{account}:"
_SECRETS = "arn:aws:secretsmanager:{region}:{account}:secret:"
_QUEUE = "arn:aws:sqs:{region}:{account}:{name}"
_POLICY_OF = "arn:aws:sqs:{region}:{account}:{queue}"
_KEY = "arn:aws:kms:{region}:{account}:key/1"
_BY = ("lambda", "rds", "s3", "secretsmanager")
_NEW_KEY = {"aws:RequestTag/Project": "csv-pipeline", "aws:RequestTag/Stack": "{stack}"}
_TOPIC = "arn:aws:sns:{region}:{account}:{name}"


def _setting(get: str, put: str) -> tuple[Call, ...]:
    """Of a bucket; IAM knows no action for deleting one but that for putting it."""
    return read(get, _BUCKET), make(put, _BUCKET), change(put, _BUCKET)


CALLS: dict[str, tuple[Call, ...]] = {
    # s3/bucket.go. Emptying a bucket (force_destroy) is left out: whoever deploys from GitHub deletes no data.
    "aws:s3/bucket:Bucket": (
        read("s3:ListBucket s3:GetBucketLocation s3:GetBucketAcl s3:GetBucketPolicy", _BUCKET),
        read("s3:GetBucketCORS s3:GetBucketWebsite s3:GetBucketVersioning s3:GetBucketLogging", _BUCKET),
        read("s3:GetAccelerateConfiguration s3:GetBucketRequestPayment", _BUCKET),
        read("s3:GetLifecycleConfiguration s3:GetReplicationConfiguration", _BUCKET),
        read("s3:GetEncryptionConfiguration s3:GetBucketObjectLockConfiguration", _BUCKET),
        read("s3:GetBucketTagging s3:ListTagsForResource", _BUCKET),
        make("s3:CreateBucket s3:PutBucketTagging s3:TagResource", _BUCKET),
        change("s3:DeleteBucket s3:PutBucketTagging s3:TagResource s3:UntagResource", _BUCKET),
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _setting(
        "s3:GetLifecycleConfiguration", "s3:PutLifecycleConfiguration"
    ),
    "aws:s3/bucketNotification:BucketNotification": _setting(
        "s3:GetBucketNotification", "s3:PutBucketNotification"
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _setting(
        "s3:GetBucketOwnershipControls", "s3:PutBucketOwnershipControls"
    ),
    "aws:s3/bucketPolicy:BucketPolicy": (
        *_setting("s3:GetBucketPolicy", "s3:PutBucketPolicy"),
        change("s3:DeleteBucketPolicy", _BUCKET),
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _setting(
        "s3:GetBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock"
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _setting(
        "s3:GetEncryptionConfiguration", "s3:PutEncryptionConfiguration"
    ),
    "aws:s3/bucketLogging:BucketLogging": _setting("s3:GetBucketLogging", "s3:PutBucketLogging"),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": _setting(
        "s3:GetBucketObjectLockConfiguration", "s3:PutBucketObjectLockConfiguration"
    ),
    # kms/key.go. Scheduling its deletion is left out, as emptying a bucket is.
    "aws:kms/key:Key": (
        Call("make", "kms:CreateKey kms:TagResource", _KEY, _NEW_KEY),
        tagged("read", "kms:DescribeKey kms:GetKeyPolicy kms:GetKeyRotationStatus", _KEY),
        tagged("read", "kms:ListResourceTags", _KEY),
        tagged("make", "kms:EnableKeyRotation", _KEY),
        # What Lambda, RDS and Secrets Manager ask for on behalf of whoever makes their resources, and S3 for the
        # smoke test's file ("Securing environment variables", "Encrypting RDS resources", "Secret encryption").
        *(
            Call(
                "make",
                "kms:Decrypt kms:Encrypt kms:GenerateDataKey",
                _KEY,
                {"kms:ViaService": via},
                tagged=True,
            )
            for via in (f"{service}.{{region}}.amazonaws.com" for service in _BY)
        ),
        Call("make", "kms:CreateGrant", _KEY, {"kms:GrantIsForAWSResource": "true"}, tagged=True),
        tagged("change", "kms:PutKeyPolicy kms:UpdateKeyDescription kms:UntagResource", _KEY),
    ),
    "aws:s3/bucketVersioning:BucketVersioning": _setting("s3:GetBucketVersioning", "s3:PutBucketVersioning"),
    "aws:rds/subnetGroup:SubnetGroup": (  # rds/subnet_group.go
        read("rds:DescribeDBSubnetGroups"),
        read("rds:ListTagsForResource", f"{_RDS}subgrp:{{name}}"),
        make("rds:CreateDBSubnetGroup rds:AddTagsToResource", f"{_RDS}subgrp:{{name}}"),
        change("rds:ModifyDBSubnetGroup rds:DeleteDBSubnetGroup", f"{_RDS}subgrp:{{name}}"),
        change("rds:AddTagsToResource rds:RemoveTagsFromResource", f"{_RDS}subgrp:{{name}}"),
    ),
    # rds/instance.go; the secret: "Permissions required for Secrets Manager integration", RDS user guide.
    "aws:rds/instance:Instance": (
        read("rds:DescribeDBInstances"),
        read("rds:ListTagsForResource", f"{_RDS}db:{{name}}"),
        read("ec2:DescribeAccountAttributes ec2:DescribeAvailabilityZones ec2:DescribeVpcAttribute"),
        read("ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcs"),
        make("rds:CreateDBInstance rds:AddTagsToResource", f"{_RDS}db:{{name}}"),
        make("rds:CreateDBInstance", f"{_RDS}subgrp:{{dbSubnetGroupName}}"),
        make("rds:CreateDBInstance", f"{_RDS}pg:default.postgres{{engineVersion}}"),
        make("rds:CreateDBInstance", f"{_RDS}og:default:postgres-{{engineVersion}}"),
        make("secretsmanager:CreateSecret secretsmanager:TagResource", f"{_SECRETS}rds!db-1-GhIjKl"),
        make("kms:DescribeKey", "arn:aws:kms:{region}:{account}:key/1"),
        Call(
            "make",
            "iam:CreateServiceLinkedRole",
            "arn:aws:iam::{account}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS",
            {"iam:AWSServiceName": "rds.amazonaws.com"},
        ),
        change("rds:ModifyDBInstance rds:DeleteDBInstance", f"{_RDS}db:{{name}}"),
        change("rds:ModifyDBInstance", f"{_RDS}pg:default.postgres18"),
        change("rds:ModifyDBInstance", f"{_RDS}og:default:postgres-18"),
        change("rds:AddTagsToResource rds:RemoveTagsFromResource", f"{_RDS}db:{{name}}"),
        change("rds:CreateDBSnapshot", f"{_RDS}db:{{name}}"),
        change("rds:CreateDBSnapshot rds:AddTagsToResource", f"{_RDS}snapshot:{{dbSubnetGroupName}}-final"),
    ),
    "aws:secretsmanager/secret:Secret": (  # secretsmanager/secret.go
        read("secretsmanager:DescribeSecret secretsmanager:GetResourcePolicy", f"{_SECRETS}{{name}}-AbCdEf"),
        make("secretsmanager:CreateSecret secretsmanager:TagResource", f"{_SECRETS}{{name}}-AbCdEf"),
        change("secretsmanager:UpdateSecret secretsmanager:DeleteSecret", f"{_SECRETS}{{name}}-AbCdEf"),
        change("secretsmanager:TagResource secretsmanager:UntagResource", f"{_SECRETS}{{name}}-AbCdEf"),
    ),
    "aws:sqs/queue:Queue": (  # sqs/queue.go
        read("sqs:GetQueueAttributes sqs:ListQueueTags sqs:GetQueueUrl", _QUEUE),
        make("sqs:CreateQueue sqs:TagQueue", _QUEUE),
        change("sqs:SetQueueAttributes sqs:TagQueue sqs:UntagQueue sqs:DeleteQueue", _QUEUE),
    ),
    "aws:sqs/queuePolicy:QueuePolicy": (  # sqs/queue_policy.go
        read("sqs:GetQueueAttributes", _POLICY_OF),
        make("sqs:SetQueueAttributes", _POLICY_OF),
        change("sqs:SetQueueAttributes", _POLICY_OF),
    ),
    "aws:sns/topic:Topic": (  # sns/topic.go
        read("sns:GetTopicAttributes sns:ListTagsForResource", _TOPIC),
        make("sns:CreateTopic sns:TagResource", _TOPIC),
        change("sns:SetTopicAttributes sns:TagResource sns:UntagResource sns:DeleteTopic", _TOPIC),
    ),
    "aws:sns/topicPolicy:TopicPolicy": (  # sns/topic_policy.go
        read("sns:GetTopicAttributes", "{arn}"),
        make("sns:SetTopicAttributes", "{arn}"),
        change("sns:SetTopicAttributes", "{arn}"),
    ),
    # sns/topic_subscription.go. The reference names the topic for these; a subscription's ARN begins with it.
    "aws:sns/topicSubscription:TopicSubscription": (
        read("sns:GetSubscriptionAttributes", "{topic}"),
        read("sns:GetSubscriptionAttributes", "{topic}:0a1b2c3d"),
        make("sns:Subscribe", "{topic}"),
        change("sns:SetSubscriptionAttributes sns:Unsubscribe", "{topic}"),
        change("sns:SetSubscriptionAttributes sns:Unsubscribe", "{topic}:0a1b2c3d"),
    ),
}
