"""Process the events in the dead-letter queue again."""

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ops.deployed.deployment import Deployment
from ops.deployed.pace import Paced, Tally

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_HIDDEN_SECONDS = 960  # longer than an invocation takes, so that nobody else receives the message meanwhile


class DeadLetters:
    """The dead-letter queue of one deployment."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._sqs = deployment.session.client("sqs")
        self._url = deployment.names.dead_letter_queue_url
        self._taken: dict[str, str] = {}  # message id -> receipt handle, of what is still in the queue

    def redrive(self, at_once: int, show: Callable[[Tally], None]) -> Tally:
        """Have the worker process each event, up to `at_once` concurrently, and wait for it.

        A message is deleted only after its event was processed. All others stay in the queue: events that
        fail again, messages that are not ours, and what an interruption left.
        """
        try:
            return Paced(self._do, at_once, show).run(self._messages())
        finally:
            for receipt in self._taken.values():
                self._sqs.change_message_visibility(
                    QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=0
                )

    def _do(self, message: "MessageTypeDef") -> None:
        self._deployment.process(json.loads(message["Body"])["requestPayload"])
        self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        del self._taken[message["MessageId"]]

    def _messages(self) -> "Iterator[MessageTypeDef]":
        """Each message once. Long polling asks all servers of SQS; a short poll may miss messages."""
        seen: set[str] = set()
        while True:
            page = self._sqs.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=10,
                VisibilityTimeout=_HIDDEN_SECONDS,
                WaitTimeSeconds=2,
            ).get("Messages", [])
            new = [each for each in page if each["MessageId"] not in seen]
            self._taken |= {each["MessageId"]: each["ReceiptHandle"] for each in page}
            if not new:
                return
            seen |= {each["MessageId"] for each in new}
            yield from (each for each in new if json.loads(each["Body"]).get("requestPayload"))
