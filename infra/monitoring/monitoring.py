"""Alarms to the shared topic, the pipeline's own metrics, and a dashboard."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.fanout import FanOut
from infra.functions.operator import Operator
from infra.functions.processing import Processing
from infra.functions.schedule import Schedule
from infra.functions.worker import Worker
from infra.monitoring import dashboard, metrics
from infra.monitoring.alarm import Alarm
from infra.monitoring.alarms import all_alarms


@dataclass(frozen=True, kw_only=True)
class MonitoringArgs:
    """What is monitored, and where alarms are sent.

    Attributes:
        region: where it all is.
        processing: its configuration says what is too much; its topic gets every alarm, and every recovery
            that is news; its database and its migrate function are watched.
        worker, operator, schedule, fanout: what else is watched; fanout, if there is one.
    """

    region: str
    processing: Processing
    worker: Worker
    operator: Operator
    schedule: Schedule
    fanout: FanOut | None = None


class Monitoring(pulumi.ComponentResource):
    """Alarms, metrics and dashboard.

    Attributes:
        dashboard_url: where the dashboard opens.
    """

    def __init__(self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:monitoring:Monitoring", name, None, opts)
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        dimensions = self._dimensions()
        for alarm in all_alarms(args.processing.runtime.config):
            self._alarm(alarm, dimensions[alarm.subject])
        args.worker.function.draw(metrics.OF_WORKER, name, name, self._child)
        if args.fanout:
            args.fanout.finish.draw(metrics.OF_WORKER, name, f"{name}-finish", self._child)
        args.operator.function.draw(metrics.OF_OPERATOR, name, name, self._child)
        shown = self._dashboard()
        self.dashboard_url = pulumi.Output.concat(
            f"https://{args.region}.console.aws.amazon.com/cloudwatch/home?region={args.region}#dashboards/dashboard/",
            shown.dashboard_name,
        )
        self.register_outputs({"dashboard_url": self.dashboard_url})

    def _dimensions(self) -> Mapping[str, Mapping[str, pulumi.Input[str]]]:
        """The dimensions of the metrics, for each subject of an alarm."""
        args = self._args
        return {
            "worker": {"FunctionName": args.worker.function.function.name},
            "operator": {"FunctionName": args.operator.function.function.name},
            "migrate": {"FunctionName": args.processing.migration.function.function.name},
            "queue": {"QueueName": args.worker.dead_letters.name},
            "schedules": {"ScheduleGroup": args.schedule.group.name},
            "database": {"DBInstanceIdentifier": args.processing.database.instance.identifier},
            "pipeline": {},
            **self._of_fanout(),
        }

    def _of_fanout(self) -> Mapping[str, Mapping[str, pulumi.Input[str]]]:
        fanout = self._args.fanout
        if fanout is None:
            return {}
        return {
            "executions": {"StateMachineArn": fanout.state_machine.arn},
            "finish": {"FunctionName": fanout.finish.function.name},
        }

    def _alarm(self, alarm: Alarm, dimensions: Mapping[str, pulumi.Input[str]]) -> None:
        to = [self._args.processing.topic_arn]
        aws.cloudwatch.MetricAlarm(
            f"{self._name}-{alarm.name}",
            alarm_description=alarm.mail,
            namespace=alarm.namespace or self._name,
            metric_name=alarm.metric,
            dimensions=dimensions,
            statistic=alarm.statistic,
            period=alarm.period,
            evaluation_periods=alarm.periods,
            comparison_operator="LessThanThreshold" if alarm.below else "GreaterThanThreshold",
            threshold=alarm.threshold,
            treat_missing_data="breaching" if alarm.silence else "notBreaching",
            alarm_actions=to,
            ok_actions=to if alarm.recovery else [],
            # by then the run of a new stack's migrations has been counted, and nothing is silent yet
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self._args.worker, self._args.schedule]),
        )

    def _dashboard(self) -> aws.cloudwatch.Dashboard:
        worker = self._args.worker
        text = pulumi.Output.all(
            function=worker.function.function.name,
            operator=self._args.operator.function.function.name,
            migrate=self._args.processing.migration.function.function.name,
            schedules=self._args.schedule.group.name,
            queue=worker.dead_letters.name,
            database=self._args.processing.database.instance.identifier,
            log_group=worker.function.log_group.name,
            large=self._large_files(),
        ).apply(lambda names: dashboard.body(region=self._args.region, namespace=self._name, **names))
        return aws.cloudwatch.Dashboard(
            self._name, dashboard_name=self._name, dashboard_body=text, opts=self._child
        )

    def _large_files(self) -> pulumi.Output[dashboard.LargeFiles] | None:
        fanout = self._args.fanout
        if fanout is None:
            return None
        return pulumi.Output.all(
            state_machine=fanout.state_machine.arn,
            part=fanout.part.function.name,
            finish=fanout.finish.function.name,
            log_group=fanout.finish.log_group.name,
        ).apply(lambda names: dashboard.LargeFiles(**names))
