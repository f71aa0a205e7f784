"""The function that brings the database up to date, and its run on every deployment that may need it."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import database
from infra.functions.function import Function, FunctionArgs, Runtime
from infra.iam import policies
from infra.monitoring import metrics
from infra.network import network

_HANDLER = "function.migrate_handler.handler"
_MEMORY = 512
_TIMEOUT_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class MigrationArgs:
    """What is migrated.

    Attributes:
        namespace: of the pipeline's own metrics.
        runtime: image and network.
        database: the database, its master secret and the application's secret.
    """

    namespace: str
    runtime: Runtime
    database: database.Database


class Migration(pulumi.ComponentResource):
    """The function and its invocation; a deployment whose migration fails, fails.

    Attributes:
        function: the function with its log group.
        invocation: the run; the worker's new code waits for it.
    """

    def __init__(self, name: str, args: MigrationArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:migration:Migration", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        instance, secret = args.database.instance, args.database.secret
        self.function = Function(
            name,
            FunctionArgs(
                runtime=args.runtime,
                handler=_HANDLER,
                description="Applies the database migrations and hands out the application's password",
                memory=_MEMORY,
                timeout=_TIMEOUT_SECONDS,
                environment={
                    "MASTER_SECRET_ARN": args.database.master_secret_arn,
                    "DATABASE_SECRET_ARN": secret.arn,
                    "DATABASE_HOST": instance.address,
                    "DATABASE_PORT": str(network.POSTGRES),
                    "DATABASE_NAME": database.NAME,
                },
                permissions=_permissions(args),
            ),
            child,
        )
        counted = self.function.draw(metrics.OF_MIGRATE, args.namespace, name, child)
        self.invocation = aws.lambda_.Invocation(
            name,
            function_name=self.function.function.name,
            input=json.dumps({}),
            triggers={  # the image holds the migrations
                "image": args.runtime.image.uri,
                "database": instance.endpoint,
                "secret": secret.arn,
                "class": instance.instance_class,  # the application's share of its connections
            },
            opts=pulumi.ResourceOptions(parent=self, depends_on=counted),
        )
        self.register_outputs({})


def _permissions(args: MigrationArgs) -> pulumi.Output[str]:
    return pulumi.Output.all(
        master_secret=args.database.master_secret_arn,
        application_secret=args.database.secret.arn,
        key=args.runtime.key or "",
    ).apply(lambda arns: policies.migration(**arns))
