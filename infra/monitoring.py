"""Alarms to the shared topic, the pipeline's own metrics, and a dashboard."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import dashboard
from infra.alarms import Alarm, all_alarms
from infra.config import Config
from infra.database import Database
from infra.worker import Worker

# What `function.handler` logs about each upload: metric -> (which lines, what they add).
_NEW_FILE = '$.message = "processed" && $.repeated IS FALSE'
_METRICS = {
    "Files": (f"{{ {_NEW_FILE} }}", "1"),
    "FilesFailed": (f'{{ {_NEW_FILE} && $.status = "failed" }}', "1"),
    "Rows": (f"{{ {_NEW_FILE} && $.rows = * }}", "$.rows"),
}


@dataclass(frozen=True, kw_only=True)
class MonitoringArgs:
    """What is watched, and who is told.

    Attributes:
        region: where it all is.
        topic_arn: gets every alarm, and every recovery.
        config: what is too much.
        worker, database: what is watched.
    """

    region: str
    topic_arn: pulumi.Input[str]
    config: Config
    worker: Worker
    database: Database


class Monitoring(pulumi.ComponentResource):
    """Everything somebody looks at.

    Attributes:
        dashboard_url: where the dashboard opens.
    """

    def __init__(self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:monitoring:Monitoring", name, None, opts)
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        function = args.worker.function.function
        dimensions: Mapping[str, Mapping[str, pulumi.Input[str]]] = {
            "worker": {"FunctionName": function.name},
            "queue": {"QueueName": args.worker.dead_letters.name},
            "database": {"DBInstanceIdentifier": args.database.instance.identifier},
        }
        alarms = all_alarms(
            errors=args.config.alarm_errors,
            duration_ms=args.config.alarm_duration_ms,
            connections=args.config.alarm_database_connections,
            storage_gib=args.config.database_storage,
        )
        for alarm in alarms:
            self._alarm(alarm, dimensions[alarm.subject])
        for metric, (pattern, value) in _METRICS.items():
            self._metric(metric, pattern, value)
        shown = self._dashboard()
        self.dashboard_url = pulumi.Output.concat(
            f"https://{args.region}.console.aws.amazon.com/cloudwatch/home?region={args.region}#dashboards/dashboard/",
            shown.dashboard_name,
        )
        self.register_outputs({"dashboard_url": self.dashboard_url})

    def _alarm(self, alarm: Alarm, dimensions: Mapping[str, pulumi.Input[str]]) -> None:
        aws.cloudwatch.MetricAlarm(
            f"{self._name}-{alarm.name}",
            alarm_description=alarm.description,
            namespace=alarm.namespace,
            metric_name=alarm.metric,
            dimensions=dimensions,
            statistic=alarm.statistic,
            period=alarm.period,
            evaluation_periods=alarm.periods,
            comparison_operator="LessThanThreshold" if alarm.below else "GreaterThanThreshold",
            threshold=alarm.threshold,
            treat_missing_data="notBreaching",
            alarm_actions=[self._args.topic_arn],
            ok_actions=[self._args.topic_arn],
            opts=self._child,
        )

    def _metric(self, metric: str, pattern: str, value: str) -> None:
        aws.cloudwatch.LogMetricFilter(
            f"{self._name}-{metric}",
            log_group_name=self._args.worker.function.log_group.name,
            pattern=pattern,
            metric_transformation={"namespace": self._name, "name": metric, "value": value},
            opts=self._child,
        )

    def _dashboard(self) -> aws.cloudwatch.Dashboard:
        worker = self._args.worker
        text = pulumi.Output.all(
            function=worker.function.function.name,
            queue=worker.dead_letters.name,
            database=self._args.database.instance.identifier,
            log_group=worker.function.log_group.name,
        ).apply(lambda names: dashboard.body(region=self._args.region, namespace=self._name, **names))
        return aws.cloudwatch.Dashboard(
            self._name, dashboard_name=self._name, dashboard_body=text, opts=self._child
        )
