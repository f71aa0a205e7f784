"""The function that processes files, what calls it, and what keeps an event that it cannot process."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.functions.function import Function
from infra.functions.processing import Processing
from infra.iam import policies

_HANDLER = "function.handler.handler"
_RETRIES = 2  # the most that Lambda offers
_EVENT_AGE_SECONDS = 6 * 60 * 60  # likewise
_KEEP_SECONDS = 14 * 24 * 60 * 60  # the most that SQS offers


@dataclass(frozen=True, kw_only=True)
class WorkerArgs:
    """What the worker is given; the configuration says how many files at once, and which keys are files."""

    processing: Processing


class Worker(pulumi.ComponentResource):
    """The function, the queue of the events it failed on, and the input bucket's notification.

    Attributes:
        function: the function with its log group.
        dead_letters: the queue.
    """

    def __init__(self, name: str, args: WorkerArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:worker:Worker", name, None, opts)
        self._name, self._child = name, pulumi.ResourceOptions(parent=self)
        self._processing = args.processing
        key = self._processing.runtime.key
        self.dead_letters = aws.sqs.Queue(
            f"{name}-dead-letters",
            message_retention_seconds=_KEEP_SECONDS,
            sqs_managed_sse_enabled=None if key else True,  # one of the two
            kms_master_key_id=key,
            opts=pulumi.ResourceOptions(
                parent=self, protect=self._processing.runtime.config.deletion_protection
            ),
        )
        self.function = self._function()
        kept = self._keep_failed_events()
        self._notify(after=[kept])
        self.register_outputs({"arn": self.function.function.arn, "queue": self.dead_letters.url})

    def _function(self) -> Function:
        args = self._processing.function(
            handler=_HANDLER,
            description="Counts, records, backs up and announces each file of the input bucket",
            policy=policies.worker,
            reserved_concurrency=self._processing.runtime.config.reserved_concurrency,
            dead_letters=self.dead_letters.arn,
        )
        return Function(self._name, args, self._child)

    def _keep_failed_events(self) -> pulumi.Resource:
        return aws.lambda_.FunctionEventInvokeConfig(
            self._name,
            function_name=self.function.function.name,
            maximum_retry_attempts=_RETRIES,
            maximum_event_age_in_seconds=_EVENT_AGE_SECONDS,
            destination_config={"on_failure": {"destination": self.dead_letters.arn}},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.function.permissions]),
        )

    def _notify(self, after: Sequence[pulumi.Resource]) -> None:
        """The bucket's only notification: a second one would replace it without a word."""
        bucket, function = self._processing.storage.input, self.function.function
        permission = aws.lambda_.Permission(
            self._name,
            action="lambda:InvokeFunction",
            function=function.name,
            principal="s3.amazonaws.com",
            source_arn=bucket.arn,
            source_account=self._processing.runtime.image.account,
            opts=self._child,
        )
        aws.s3.BucketNotification(
            self._name,
            bucket=bucket.id,
            lambda_functions=[
                {
                    "id": f"created{suffix}",
                    "lambda_function_arn": function.arn,
                    "events": ["s3:ObjectCreated:*"],
                    "filter_suffix": suffix,
                }
                for suffix in self._processing.runtime.config.input_suffixes
            ],
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[permission, *self._processing.storage.ready, *after]
            ),
        )
