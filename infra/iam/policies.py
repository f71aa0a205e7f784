"""IAM documents as pure functions of ARNs: who may do what to which, and nothing more."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Statement = dict[str, Any]

LOG_WRITE = ("logs:CreateLogStream", "logs:PutLogEvents")
# Lambda itself attaches the function to the network with these; EC2 has no ARN for an interface to come.
NETWORK_INTERFACES = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)
TRACE_WRITE = ("xray:PutTelemetryRecords", "xray:PutTraceSegments")  # X-Ray has no ARN for a trace


def allow(actions: Sequence[str], *resources: str, **more: Any) -> Statement:
    """One Allow statement; `more` are further elements such as Principal or Condition."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": list(resources), **more}


def document(*statements: Statement) -> str:
    """The statements as a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def assumed_by(service: str, condition: Mapping[str, Any] | None = None) -> str:
    """The trust policy of a role that one AWS service takes on."""
    trust: Statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": service},
    }
    return document(trust | ({"Condition": dict(condition)} if condition else {}))


def execution(log_group: str) -> str:
    """What Lambda needs to run any function of ours: its log, its network interface, its traces."""
    return document(
        allow(LOG_WRITE, f"{log_group}:*"),
        allow(NETWORK_INTERFACES, "*"),
        allow(TRACE_WRITE, "*"),
    )


def worker(
    *,
    input_bucket: str,
    output: str,
    backup: str,
    topic: str,
    secret: str,
    dead_letters: str,
    key: str = "",
    more: Sequence[Statement] = (),
) -> str:
    """Process files; the last statement is Lambda's own, to send a failed event to the dead-letter queue."""
    return document(
        *_process(input_bucket, output, backup, topic, secret),
        *with_key(key),
        *more,
        allow(("sqs:SendMessage",), dead_letters),
    )


def operator(
    *,
    input_bucket: str,
    output: str,
    backup: str,
    topic: str,
    secret: str,
    key: str = "",
    more: Sequence[Statement] = (),
) -> str:
    """Process files, list results, and check whether a missing one exists."""
    return document(
        *_process(input_bucket, output, backup, topic, secret),
        *with_key(key),
        *more,
        allow(("s3:GetObject",), f"{output}/results/*"),
        allow(("s3:ListBucket",), output),
    )


def finish(*, input_bucket: str, output: str, backup: str, topic: str, secret: str, key: str = "") -> str:
    """Merge what the parts of a file found, and process it as the worker does."""
    return document(
        *_process(input_bucket, output, backup, topic, secret),
        *with_key(key),
        allow(("s3:GetObject", "s3:PutObject"), f"{output}/work/*"),
    )


def with_key(key: str) -> tuple[Statement, ...]:
    """Read and write what is encrypted with a key of one's own; nothing, where there is none."""
    return (allow(("kms:Decrypt", "kms:GenerateDataKey"), key),) if key else ()


def _process(input_bucket: str, output: str, backup: str, topic: str, secret: str) -> tuple[Statement, ...]:
    """What it takes to bring an upload to its end."""
    return (
        # An object's tags are copied with it; a copy without leave to read and write them is refused.
        allow(("s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectVersionTagging"), f"{input_bucket}/*"),
        allow(("s3:PutObject",), f"{output}/results/*"),
        allow(
            (
                "s3:AbortMultipartUpload",
                "s3:GetObject",
                "s3:PutObject",
                "s3:PutObjectTagging",
                "s3:PutObjectVersionTagging",
            ),
            f"{backup}/backup/*",
        ),
        # Without it S3 answers 403, not 404, for an object that does not exist ("GetObject", S3 reference).
        allow(("s3:ListBucket",), input_bucket, backup),
        # What HEAD says nothing of is looked up in the list; so is what may be read beside a refused object.
        allow(("s3:ListBucketVersions",), input_bucket),
        allow(("sns:Publish",), topic),
        allow(("secretsmanager:GetSecretValue",), secret),
    )


def migration(*, master_secret: str, application_secret: str, key: str = "") -> str:
    """The only role that may read the master password; it hands out the application's."""
    return document(
        allow(("secretsmanager:GetSecretValue",), master_secret, application_secret),
        allow(("secretsmanager:PutSecretValue",), application_secret),
        *with_key(key),
    )


def flow_logs(log_group: str) -> str:
    """The delivery of a network's flow logs ("IAM role for publishing flow logs to CloudWatch Logs", VPC)."""
    return document(allow((*LOG_WRITE, "logs:DescribeLogStreams"), log_group, f"{log_group}:*"))


def schedule(function: str) -> str:
    """The scheduler may invoke one function."""
    return document(allow(("lambda:InvokeFunction",), function))
