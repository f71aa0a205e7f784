"""PostgreSQL, and the secret that holds the application's way into it.

From version 15 on, RDS forces TLS by default: no parameter group says it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.configuration.config import Config
from infra.network.network import Network

NAME = "pipeline"
_MASTER = "postgres"
_SECRET_RECOVERY_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class DatabaseArgs:
    """How large and how safe the database is (see `Config`), where it lives, and its key if not AWS's."""

    config: Config
    network: Network
    key: pulumi.Input[str] | None


class Database(pulumi.ComponentResource):
    """The instance, whose master password only RDS knows, and the application's secret, still empty.

    The migrate function makes the application's role and writes its password into the secret: no
    password ever passes through here.

    Attributes:
        instance: the RDS instance.
        master_secret_arn: the secret that RDS made and rotates; holds user name and password.
        secret: the application's secret.
    """

    def __init__(self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:database:Database", name, None, opts)
        self._name, self._args = name, args
        guarded = pulumi.ResourceOptions(parent=self, protect=args.config.deletion_protection)
        self.instance = self._instance(guarded)
        self.master_secret_arn = self.instance.master_user_secrets.apply(_only_arn)
        self.secret = aws.secretsmanager.Secret(
            name,
            name=f"{name}/database",
            description="How the pipeline's function reaches its database",
            kms_key_id=args.key,
            recovery_window_in_days=_SECRET_RECOVERY_DAYS if args.config.deletion_protection else 0,
            opts=guarded,
        )
        self.secret_arns = [self.master_secret_arn, self.secret.arn]
        self.register_outputs({"endpoint": self.instance.endpoint, "secret_arn": self.secret.arn})

    def _instance(self, opts: pulumi.ResourceOptions) -> aws.rds.Instance:
        config, network = self._args.config, self._args.network
        subnets = aws.rds.SubnetGroup(self._name, subnet_ids=network.subnet_ids, opts=opts)
        # The subnet group's own name ends in a suffix that is new for every database ever made.
        snapshot = pulumi.Output.concat(subnets.name, "-final") if config.final_snapshot else None
        return aws.rds.Instance(
            self._name,
            engine="postgres",
            engine_version=str(config.database_version),
            allow_major_version_upgrade=True,  # the parameter group is AWS's default, and follows by itself
            instance_class=config.database_class,
            db_name=NAME,
            username=_MASTER,
            manage_master_user_password=True,
            master_user_secret_kms_key_id=self._args.key,
            db_subnet_group_name=subnets.name,
            vpc_security_group_ids=[network.database.id],
            publicly_accessible=False,
            multi_az=config.database_multi_az,
            storage_type="gp3",
            storage_encrypted=True,
            kms_key_id=self._args.key,  # another one replaces the database, which protection refuses
            allocated_storage=config.database_storage,
            max_allocated_storage=config.database_max_storage,
            backup_retention_period=config.database_backup_days,
            copy_tags_to_snapshot=True,
            auto_minor_version_upgrade=True,
            apply_immediately=not config.deletion_protection,
            deletion_protection=config.deletion_protection,
            skip_final_snapshot=not config.final_snapshot,
            final_snapshot_identifier=snapshot,
            opts=opts,
        )


def _only_arn(secrets: Sequence[aws.rds.outputs.InstanceMasterUserSecret] | None) -> str:
    return (secrets[0].secret_arn if secrets else None) or ""
