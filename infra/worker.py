"""The function that processes files, what calls it, and what keeps an event that it cannot process."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import policies
from infra.database import Database
from infra.function import Function, FunctionArgs, Runtime
from infra.migration import Migration
from infra.storage import Storage

_HANDLER = "function.handler.handler"
_RETRIES = 2  # the most that Lambda offers
_EVENT_AGE_SECONDS = 6 * 60 * 60  # likewise
_KEEP_SECONDS = 14 * 24 * 60 * 60  # the most that SQS offers


@dataclass(frozen=True, kw_only=True)
class WorkerArgs:
    """What the worker is given.

    Attributes:
        runtime: image and network; its configuration says the function's size, how many files at once, and
            which keys are files.
        storage: the three buckets.
        topic_arn: where verdicts are published.
        database: whose application secret it reads.
        migration: what must have run before the first file comes, and before new code does.
    """

    runtime: Runtime
    storage: Storage
    topic_arn: pulumi.Input[str]
    database: Database
    migration: Migration


class Worker(pulumi.ComponentResource):
    """The function, the queue of the events it failed on, and the input bucket's notification.

    Attributes:
        function: the function with its log group.
        dead_letters: the queue.
    """

    def __init__(self, name: str, args: WorkerArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:worker:Worker", name, None, opts)
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        self.dead_letters = aws.sqs.Queue(
            f"{name}-dead-letters",
            message_retention_seconds=_KEEP_SECONDS,
            sqs_managed_sse_enabled=True,
            opts=pulumi.ResourceOptions(parent=self, protect=args.runtime.config.deletion_protection),
        )
        self.function = self._function()
        kept = self._keep_failed_events()
        self._notify(after=[kept])
        self.register_outputs({"arn": self.function.function.arn, "queue": self.dead_letters.url})

    def _function(self) -> Function:
        args, config, storage = self._args, self._args.runtime.config, self._args.storage
        return Function(
            self._name,
            FunctionArgs(
                runtime=args.runtime,
                handler=_HANDLER,
                description="Counts, records, backs up and announces each file of the input bucket",
                memory=config.memory,
                ephemeral_storage=config.ephemeral_storage,
                timeout=config.timeout,
                reserved_concurrency=config.reserved_concurrency,
                environment={
                    "OUTPUT_BUCKET": storage.output.bucket,
                    "BACKUP_BUCKET": storage.backup.bucket,
                    "TOPIC_ARN": args.topic_arn,
                    "DATABASE_SECRET_ARN": args.database.secret.arn,
                    "MAX_REJECTED_ROWS": str(config.max_rejected_rows),
                    "MAX_RAGGED_ROWS": str(config.max_ragged_rows),
                    "MAX_DOUBTS": str(config.max_doubts),
                },
                permissions=pulumi.Output.all(
                    input_bucket=storage.input.arn,
                    output=storage.output.arn,
                    backup=storage.backup.arn,
                    topic=args.topic_arn,
                    secret=args.database.secret.arn,
                    dead_letters=self.dead_letters.arn,
                ).apply(lambda arns: policies.worker(**arns)),
                after=[args.migration.invocation],
            ),
            self._child,
        )

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
        bucket, function = self._args.storage.input, self.function.function
        permission = aws.lambda_.Permission(
            self._name,
            action="lambda:InvokeFunction",
            function=function.name,
            principal="s3.amazonaws.com",
            source_arn=bucket.arn,
            source_account=self._args.runtime.image.account,
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
                for suffix in self._args.runtime.config.input_suffixes
            ],
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[permission, *self._args.storage.ready, *after]
            ),
        )
