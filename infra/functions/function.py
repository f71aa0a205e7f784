"""One Lambda function of the image, with a log and a role of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.configuration.config import Config
from infra.iam import policies, roles
from infra.image.image import Image
from infra.monitoring.metrics import Metric
from infra.network.network import Network


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """What all functions of the stack share.

    Attributes:
        config: the image's architecture, and how long logs are kept.
        image: what they run.
        network: where they run.
        reach: what must exist before they reach database and services.
        key: what logs, environments and dead letters are encrypted with, if not with AWS's own.
    """

    config: Config
    image: Image
    network: Network
    reach: Sequence[pulumi.Resource]
    key: pulumi.Input[str] | None


@dataclass(frozen=True, kw_only=True)
class FunctionArgs:
    """How one function runs.

    Attributes:
        runtime: what it shares with the others.
        handler: module and function, the image's command.
        description: what it is for.
        memory, ephemeral_storage: MB.
        timeout: seconds.
        reserved_concurrency: how many may run at once; 0 for no bound of its own.
        environment: its variables.
        permissions: the policy for what its own code does.
        after: what else must exist before it is made or changed.
    """

    runtime: Runtime
    handler: str
    description: str
    memory: int
    ephemeral_storage: int = 512
    timeout: int
    reserved_concurrency: int = 0
    environment: Mapping[str, pulumi.Input[str]]
    permissions: pulumi.Input[str]
    after: Sequence[pulumi.Resource] = ()


class Function(pulumi.ComponentResource):
    """The function, its log group and its role.

    Attributes:
        function: the Lambda function.
        role: what it runs as.
        permissions: its own policy; whatever Lambda checks against the role waits for it.
        log_group: where it writes, JSON lines.
    """

    def __init__(self, name: str, args: FunctionArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:function:Function", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.log_group = aws.cloudwatch.LogGroup(
            name,
            name=f"/aws/lambda/{name}",
            retention_in_days=args.runtime.config.log_retention_days,
            kms_key_id=args.runtime.key,
            opts=pulumi.ResourceOptions(parent=self, protect=args.runtime.config.deletion_protection),
        )
        self.role = roles.make(
            name, args.runtime.config, trust=policies.assumed_by("lambda.amazonaws.com"), opts=child
        )
        execution = aws.iam.RolePolicy(
            f"{name}-execution",
            role=self.role.id,
            policy=self.log_group.arn.apply(policies.execution),
            opts=child,
        )
        self.permissions = aws.iam.RolePolicy(
            f"{name}-permissions", role=self.role.id, policy=args.permissions, opts=child
        )
        after = [self.log_group, execution, self.permissions, *args.runtime.reach, *args.after]
        self.function = self._function(name, args, pulumi.ResourceOptions(parent=self, depends_on=after))
        self.register_outputs({"arn": self.function.arn})

    def draw(
        self, metrics: Iterable[Metric], namespace: str, name: str, opts: pulumi.ResourceOptions
    ) -> list[pulumi.Resource]:
        """Draw metrics from what the function logs from now on; the filters' names begin with `name`."""
        return [
            aws.cloudwatch.LogMetricFilter(
                f"{name}-{metric.name}",
                log_group_name=self.log_group.name,
                pattern=metric.lines,
                metric_transformation={"namespace": namespace, "name": metric.name, "value": metric.value},
                opts=opts,
            )
            for metric in metrics
        ]

    def _function(self, name: str, args: FunctionArgs, opts: pulumi.ResourceOptions) -> aws.lambda_.Function:
        return aws.lambda_.Function(
            name,
            name=name,
            description=args.description,
            package_type="Image",
            image_uri=args.runtime.image.uri,
            image_config={"commands": [args.handler]},
            architectures=[args.runtime.config.architecture],
            role=self.role.arn,
            memory_size=args.memory,
            ephemeral_storage={"size": args.ephemeral_storage},
            timeout=args.timeout,
            reserved_concurrent_executions=args.reserved_concurrency or -1,
            vpc_config={
                "subnet_ids": args.runtime.network.subnet_ids,
                "security_group_ids": [args.runtime.network.functions.id],
            },
            environment={"variables": args.environment},
            kms_key_arn=args.runtime.key,
            logging_config={"log_format": "JSON", "log_group": self.log_group.name},
            tracing_config={"mode": "Active"},
            opts=opts,
        )
