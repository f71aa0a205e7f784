"""The events in the dead-letter queue, and the function once more."""

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ops.deployed.deployment import Deployment
from ops.deployed.pace import Paced, Tally

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_HIDDEN_SECONDS = 960  # longer than an invocation takes, so that nobody takes the letter meanwhile


class DeadLetters:
    """The queue of one deployment."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._sqs = deployment.session.client("sqs")
        self._url = deployment.names.dead_letter_queue_url
        self._taken: dict[str, str] = {}  # message id -> receipt handle, of what is still in the queue

    def redrive(self, at_once: int, show: Callable[[Tally], None]) -> Tally:
        """Have the function do each event, up to `at_once` at a time, and wait for it.

        A letter leaves the queue only once its event is done. What fails again, what is no event of ours and
        what an interruption left over is in the queue as before.
        """
        try:
            return Paced(self._do, at_once, show).run(self._letters())
        finally:
            for receipt in self._taken.values():
                self._sqs.change_message_visibility(
                    QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=0
                )

    def _do(self, letter: "MessageTypeDef") -> None:
        self._deployment.process(json.loads(letter["Body"])["requestPayload"])
        self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=letter["ReceiptHandle"])
        del self._taken[letter["MessageId"]]

    def _letters(self) -> "Iterator[MessageTypeDef]":
        """Each letter once; only a long poll asks all of SQS's servers, and is not empty by chance."""
        seen: set[str] = set()
        while True:
            page = self._sqs.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=10,
                VisibilityTimeout=_HIDDEN_SECONDS,
                WaitTimeSeconds=2,
            ).get("Messages", [])
            new = [letter for letter in page if letter["MessageId"] not in seen]
            self._taken |= {letter["MessageId"]: letter["ReceiptHandle"] for letter in page}
            if not new:
                return
            seen |= {letter["MessageId"] for letter in new}
            yield from (letter for letter in new if json.loads(letter["Body"]).get("requestPayload"))
