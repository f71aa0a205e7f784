"""Process the events in the dead-letter queue again."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ops.deployed.deployment import Deployment, DeploymentError
from ops.deployed.pace import Paced, Tally
from ops.deployed.records import Record

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

    _Letter = tuple[Record, MessageTypeDef]

_WITHOUT_EVENT = (
    "the record does not say of which file: `pipeline reconcile` finds it, `pipeline replay KEY` processes"
    " it; then delete the message"
)
_HIDDEN_SECONDS = 960  # longer than an invocation takes, so that nobody else receives the message meanwhile


class DeadLetters:
    """The dead-letter queue of one deployment.

    Attributes:
        executions: of each record of an execution, how and why that ended.
    """

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._sqs = deployment.session.client("sqs")
        self._url = deployment.names.dead_letter_queue_url
        self.executions: list[str] = []
        self._taken: dict[str, str] = {}  # message id -> receipt handle, of what is still in the queue

    def redrive(self, at_once: int, show: Callable[[Tally], None]) -> Tally:
        """Have the worker process each event, up to `at_once` concurrently, and wait for it.

        A message is deleted only after its event was processed. All others stay in the queue: events that
        fail again, records without an event, messages that are no records, and what an interruption left.
        """
        try:
            return Paced(self._do, at_once, show).run(self._letters())
        finally:
            for receipt in self._taken.values():
                self._sqs.change_message_visibility(
                    QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=0
                )

    def _do(self, letter: "_Letter") -> None:
        record, message = letter
        if record.event is None:
            raise DeploymentError(f"{record.execution}: {_WITHOUT_EVENT}")
        self._deployment.process(record.event)
        self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        del self._taken[message["MessageId"]]

    def _letters(self) -> "Iterator[_Letter]":
        """Each record once. Long polling asks all servers of SQS; a short poll may miss messages."""
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
            for each in new:
                if record := Record.parse(each["Body"]):
                    self.executions += [record.execution] if record.execution else []
                    yield record, each
