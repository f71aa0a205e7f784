"""The stack: configuration -> components -> outputs."""

from dataclasses import replace
from pathlib import Path

import pulumi
import pulumi_aws as aws

from infra.configuration import context
from infra.database import Database, DatabaseArgs
from infra.encryption import EncryptionArgs, key_arn
from infra.fanout import FanOut, FanOutArgs
from infra.functions.function import Runtime
from infra.functions.migration import Migration, MigrationArgs
from infra.functions.operator import Operator, OperatorArgs
from infra.functions.processing import Processing
from infra.functions.schedule import Schedule, ScheduleArgs
from infra.functions.worker import Worker, WorkerArgs
from infra.iam.executions import state_machine_arn
from infra.image.image import Image, ImageArgs
from infra.monitoring.monitoring import Monitoring, MonitoringArgs
from infra.network.endpoints import Endpoints, EndpointsArgs
from infra.network.flow_logs import FlowLogsArgs, record
from infra.network.network import Network, NetworkArgs
from infra.notifications import Notifications, NotificationsArgs
from infra.storage import Storage, StorageArgs

name, region, config = context.read()
tags = {"Project": pulumi.get_project(), "Stack": pulumi.get_stack(), **config.tag_map()}
in_aws = pulumi.ResourceOptions(providers=[aws.Provider("aws", region=region, default_tags={"tags": tags})])

image = Image(name, ImageArgs(config=config, tree=Path()), in_aws)
account = image.account
key = key_arn(name, EncryptionArgs(config=config, region=region, account=account), in_aws)
topic = Notifications(name, NotificationsArgs(config=config, account=account, key=key), in_aws).topic_arn
storage = Storage(name, StorageArgs(config=config, account=account, key=key), in_aws)
network = Network(name, NetworkArgs(config=config, region=region), in_aws)
record(name, FlowLogsArgs(config=config, account=account, network=network, key=key), in_aws)
database = Database(name, DatabaseArgs(config=config, network=network, key=key), in_aws)
machine = None
if config.splits:
    machine = account.apply(lambda number: state_machine_arn(f"{name}-fanout", region, number))
ways = EndpointsArgs(
    config=config,
    region=region,
    account=account,
    network=network,
    storage=storage,
    database=database,
    topic_arn=topic,
    state_machine=machine,
)
endpoints = Endpoints(name, ways, in_aws)
reach = [*network.rules, *endpoints.ready]
runtime = Runtime(config=config, image=image, network=network, reach=reach, key=key)
changes = MigrationArgs(namespace=name, runtime=runtime, database=database)
migration = Migration(f"{name}-migrate", changes, in_aws)
files = Processing(runtime=runtime, storage=storage, database=database, topic_arn=topic, migration=migration)
fanout = FanOut(name, FanOutArgs(processing=files, state_machine=machine), in_aws) if machine else None
files = replace(files, state_machine=fanout.state_machine.arn) if fanout else files
worker = Worker(f"{name}-worker", WorkerArgs(processing=files), in_aws)
if fanout:
    pulumi.export("state_machine_arn", fanout.state_machine.arn)
    fanout.report_failures(worker.dead_letters)
operator = Operator(f"{name}-operator", OperatorArgs(processing=files), in_aws)
schedule = Schedule(name, ScheduleArgs(processing=files, operator=operator), in_aws)
watched = MonitoringArgs(
    region=region, processing=files, worker=worker, operator=operator, schedule=schedule, fanout=fanout
)
monitoring = Monitoring(name, watched, in_aws)

pulumi.export("input_bucket", storage.input.bucket)
pulumi.export("output_bucket", storage.output.bucket)
pulumi.export("backup_bucket", storage.backup.bucket)
pulumi.export("function_name", worker.function.function.name)
pulumi.export("operator_function_name", operator.function.function.name)
pulumi.export("function_arn", worker.function.function.arn)
pulumi.export("topic_arn", topic)
pulumi.export("repository_url", image.repository.repository_url)
pulumi.export("image_uri", image.uri)
pulumi.export("database_endpoint", database.instance.endpoint)
pulumi.export("database_secret_arn", database.secret.arn)
pulumi.export("dead_letter_queue_url", worker.dead_letters.url)
pulumi.export("log_group", worker.function.log_group.name)
pulumi.export("dashboard_url", monitoring.dashboard_url)
