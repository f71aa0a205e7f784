"""What the functions are given that process files: the worker for S3, and the operators' for people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pulumi

from infra.database import Database
from infra.functions.function import FunctionArgs, Runtime
from infra.functions.migration import Migration
from infra.iam import executions
from infra.storage import Storage


@dataclass(frozen=True, kw_only=True)
class Processing:
    """All that it takes to bring an upload to its end.

    Attributes:
        runtime: image and network; its configuration says the functions' size.
        storage: the three buckets.
        topic_arn: where verdicts are published.
        database: whose application secret is read.
        migration: what must have run before the first file comes, and before new code does.
        state_machine: by which large files are read in parts; its ARN, or None for none.
    """

    runtime: Runtime
    storage: Storage
    topic_arn: pulumi.Input[str]
    database: Database
    migration: Migration
    state_machine: pulumi.Input[str] | None = None

    def function(
        self,
        *,
        handler: str,
        description: str,
        policy: Callable[..., str],
        reserved_concurrency: int = 0,
        **more: pulumi.Input[str],
    ) -> FunctionArgs:
        """How such a function runs.

        Args:
            handler: module and function, the image's command.
            description: what it is for.
            reserved_concurrency: of the function; 0 for no reservation.
            policy: makes its permissions, of the ARNs by the names that `policies` gives them.
            more: ARNs that it alone has to do with.
        """
        config = self.runtime.config
        return FunctionArgs(
            runtime=self.runtime,
            handler=handler,
            description=description,
            memory=config.memory,
            ephemeral_storage=config.ephemeral_storage,
            timeout=config.timeout,
            reserved_concurrency=reserved_concurrency,
            environment=self._environment(),
            permissions=pulumi.Output.all(**self._arns(), **more).apply(
                lambda arns: self._permissions(policy, **arns)
            ),
            after=[self.migration.invocation],
        )

    def _permissions(self, policy: Callable[..., str], *, state_machine: str = "", **arns: str) -> str:
        if state_machine:
            return policy(**arns, more=executions.start(state_machine, arns["output"]))
        return policy(**arns)

    def _environment(self) -> Mapping[str, pulumi.Input[str]]:
        config = self.runtime.config
        return self._splitting() | {
            "OUTPUT_BUCKET": self.storage.output.bucket,
            "BACKUP_BUCKET": self.storage.backup.bucket,
            "TOPIC_ARN": self.topic_arn,
            "DATABASE_SECRET_ARN": self.database.secret.arn,
            "MAX_REJECTED_ROWS": str(config.max_rejected_rows),
            "MAX_RAGGED_ROWS": str(config.max_ragged_rows),
            "MAX_DOUBTS": str(config.max_doubts),
            "SUPERSEDE_SECONDS": str(config.supersede_seconds),
            "SERIES_REMARKS": config.series_remarks,
            "EXCERPTS": str(config.excerpts).lower(),
            "VALUES": str(config.values).lower(),
            "HTML_REPORT": config.html_report,
        }

    def _splitting(self) -> dict[str, pulumi.Input[str]]:
        if self.state_machine is None:
            return {}
        return {
            "SPLIT_MEGABYTES": str(self.runtime.config.split_megabytes),
            "PART_MEGABYTES": str(self.runtime.config.part_megabytes),
            "STATE_MACHINE_ARN": self.state_machine,
        }

    def _arns(self) -> dict[str, pulumi.Input[str]]:
        return {
            "input_bucket": self.storage.input.arn,
            "output": self.storage.output.arn,
            "backup": self.storage.backup.arn,
            "topic": self.topic_arn,
            "secret": self.database.secret.arn,
            "key": self.runtime.key or "",
            **({"state_machine": self.state_machine} if self.state_machine else {}),
        }
