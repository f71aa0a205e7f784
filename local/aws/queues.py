"""An SQS queue of JSON messages, as far as the stack uses one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_BATCH = 10  # the most that SQS hands out at once


@dataclass(frozen=True, slots=True)
class Message:
    """A message received: its content, and the receipt that deletes it."""

    body: Any
    receipt: str


class Queue:
    """One queue, by its `url` and `arn`.

    Args:
        client: safe to share between threads.
        name: the queue is created.
        visibility: seconds before a message received, and neither deleted nor released, shows again.
    """

    def __init__(self, client: "SQSClient", name: str, visibility: int = 30):
        self._client = client
        created = client.create_queue(QueueName=name, Attributes={"VisibilityTimeout": str(visibility)})
        self.url = created["QueueUrl"]
        answer = client.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])
        self.arn = answer["Attributes"]["QueueArn"]

    def __len__(self) -> int:
        """Messages waiting or received and not yet deleted."""
        answer = self._client.get_queue_attributes(QueueUrl=self.url, AttributeNames=["All"])
        counts = answer["Attributes"]
        return int(counts["ApproximateNumberOfMessages"]) + int(
            counts["ApproximateNumberOfMessagesNotVisible"]
        )

    def send(self, body: Any) -> None:
        """Add a message."""
        self._client.send_message(QueueUrl=self.url, MessageBody=json.dumps(body))

    def receive(self, wait: int = 0) -> list[Message]:
        """Up to ten messages; none if there are none after `wait` seconds (at most 20)."""
        answer = self._client.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=_BATCH, WaitTimeSeconds=wait
        )
        return [
            Message(json.loads(each["Body"]), each["ReceiptHandle"]) for each in answer.get("Messages", [])
        ]

    def drain(self) -> Iterator[Message]:
        """Receive until there is nothing more; the messages are to be deleted or released."""
        while messages := self.receive():
            yield from messages

    def delete(self, message: Message) -> None:
        """Remove a message for good."""
        self._client.delete_message(QueueUrl=self.url, ReceiptHandle=message.receipt)

    def release(self, message: Message) -> None:
        """Let a message be received again at once."""
        self._client.change_message_visibility(
            QueueUrl=self.url, ReceiptHandle=message.receipt, VisibilityTimeout=0
        )
