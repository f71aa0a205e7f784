"""A log of every connection in the network of our own, as an option."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.configuration.config import Config
from infra.iam import policies, roles
from infra.network.network import Network

_DELIVERY = "vpc-flow-logs.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class FlowLogsArgs:
    """What is logged.

    Attributes:
        config: whether at all, and for how many days.
        account: whose network it is.
        network: whose connections.
        key: what the log is encrypted with, if not with AWS's own key.
    """

    config: Config
    account: pulumi.Input[str]
    network: Network
    key: pulumi.Input[str] | None


class FlowLogs(pulumi.ComponentResource):
    """The log group, and the role that the delivery takes on to write to it."""

    def __init__(self, name: str, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:flow_logs:FlowLogs", name, None, opts)
        child, config = pulumi.ResourceOptions(parent=self), args.config
        group = aws.cloudwatch.LogGroup(
            f"{name}-flow-logs",
            name=f"/aws/vpc/{name}-flow-logs",
            retention_in_days=config.log_retention_days,
            kms_key_id=args.key,
            opts=pulumi.ResourceOptions(parent=self, protect=config.deletion_protection),
        )
        trust = pulumi.Output.from_input(args.account).apply(
            lambda account: policies.assumed_by(_DELIVERY, {"StringEquals": {"aws:SourceAccount": account}})
        )
        role = roles.make(f"{name}-flow-logs", config, trust=trust, opts=child)
        written = aws.iam.RolePolicy(
            f"{name}-flow-logs", role=role.id, policy=group.arn.apply(policies.flow_logs), opts=child
        )
        aws.ec2.FlowLog(
            f"{name}-flow-logs",
            vpc_id=args.network.vpc_id,
            traffic_type="ALL",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[written]),
        )
        self.register_outputs({"log_group": group.name})


def record(name: str, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None) -> FlowLogs | None:
    """The flow logs, if the configuration asks for them."""
    return FlowLogs(name, args, opts) if args.config.flow_logs else None
