"""The AWS resources of one stack, made in the emulator as the deployment makes them in AWS."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.aws.emulator import Emulator
from local.aws.queues import Queue

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_TWELVE_HOURS = 43_200  # the longest SQS knows: an event under way is never handed out twice


@dataclass(frozen=True, slots=True)
class Names:
    """What the parts are called, in the words of a deployed stack's outputs."""

    input_bucket: str
    output_bucket: str
    backup_bucket: str
    topic_arn: str
    database_secret_arn: str


@dataclass(frozen=True, slots=True)
class Resources:
    """Everything a stack has in the emulator: the names, and the queues it works with itself."""

    names: Names
    events: Queue
    dead_letters: Queue
    inbox: Queue


def create(emulator: Emulator) -> Resources:
    """Create the resources and connect them: input bucket to event queue, topic to inbox."""
    sqs, sns, s3 = emulator.client("sqs"), emulator.client("sns"), emulator.client("s3")
    events = Queue(sqs, "events", visibility=_TWELVE_HOURS)
    inbox = Queue(sqs, "inbox")
    topic = sns.create_topic(Name="notifications")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=inbox.arn)
    names = Names(
        input_bucket=_bucket(s3, "local-input"),
        output_bucket=_bucket(s3, "local-output"),
        backup_bucket=_bucket(s3, "local-backup"),
        topic_arn=topic,
        database_secret_arn=emulator.client("secretsmanager").create_secret(Name="local/database")["ARN"],
    )
    s3.put_bucket_notification_configuration(
        Bucket=names.input_bucket,
        NotificationConfiguration={
            "QueueConfigurations": [{"QueueArn": events.arn, "Events": ["s3:ObjectCreated:*"]}]
        },
    )
    return Resources(names, events, Queue(sqs, "dead-letters"), inbox)


def _bucket(s3: "S3Client", name: str) -> str:
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name
