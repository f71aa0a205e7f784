"""What runs on a schedule: the operators' function reconciles, the migrate one rotates the password."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.functions.function import Function
from infra.functions.operator import Operator
from infra.functions.processing import Processing
from infra.iam import policies, roles


@dataclass(frozen=True, kw_only=True)
class ScheduleArgs:
    """When, and whom to call.

    Attributes:
        processing: its configuration says when, if at all, and which keys are files; its migrate function
            rotates, and its account's schedules alone may take on the roles.
        operator: whose function reconciles.
    """

    processing: Processing
    operator: Operator


class Schedule(pulumi.ComponentResource):
    """The schedules, each with a role that may call one function, in a group of their own.

    A rate counts from the schedule's creation, which is its first call, too.

    Attributes:
        group: the group, by which Scheduler's metrics tell these schedules from others of the account.
    """

    def __init__(self, name: str, args: ScheduleArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:schedule:Schedule", name, None, opts)
        self._account = pulumi.Output.from_input(args.processing.runtime.image.account)
        self.group = aws.scheduler.ScheduleGroup(name, opts=pulumi.ResourceOptions(parent=self))
        self._config = config = args.processing.runtime.config
        if config.reconcile_schedule:
            reconcile = {
                "operation": "reconcile",
                "bucket": args.processing.storage.input.bucket,
                "suffixes": config.input_suffixes,
                "resume": True,  # where the last run stopped: a bucket may take several
            }
            event = pulumi.Output.json_dumps(reconcile)
            self._call(f"{name}-reconcile", config.reconcile_schedule, args.operator.function, event)
        if config.rotation_days:
            days = "1 day" if config.rotation_days == 1 else f"{config.rotation_days} days"
            rotate = json.dumps({"rotate": True})
            self._call(f"{name}-rotate", f"rate({days})", args.processing.migration.function, rotate)
        self.register_outputs({"group": self.group.name})

    def _call(self, name: str, expression: str, function: Function, event: pulumi.Input[str]) -> None:
        child, arn = pulumi.ResourceOptions(parent=self), function.function.arn
        trust = self._account.apply(
            lambda account: policies.assumed_by(
                "scheduler.amazonaws.com", {"StringEquals": {"aws:SourceAccount": account}}
            )
        )
        role = roles.make(name, self._config, trust=trust, opts=child)
        permissions = aws.iam.RolePolicy(name, role=role.id, policy=arn.apply(policies.schedule), opts=child)
        aws.scheduler.Schedule(
            name,
            group_name=self.group.name,
            schedule_expression=expression,
            flexible_time_window={"mode": "OFF"},
            target={"arn": arn, "role_arn": role.arn, "input": event},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permissions]),
        )
