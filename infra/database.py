"""PostgreSQL, and the secret that holds the application's way into it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

NAME = "pipeline"
_MASTER = "postgres"
_SECRET_RECOVERY_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class DatabaseArgs:
    """How large and how safe the database is.

    Attributes:
        secret_name: name of the application's secret.
        subnet_ids, security_group_id: where it lives.
        version: major version of PostgreSQL; from 15 on RDS forces TLS by default.
        instance_class: RDS instance class.
        storage, max_storage: GiB at first, and at most as it grows by itself.
        multi_az: keep a standby in the other zone.
        backup_days: days of point-in-time recovery.
        protected: refuse deletion, and leave a final snapshot behind.
    """

    secret_name: str
    subnet_ids: Sequence[pulumi.Input[str]]
    security_group_id: pulumi.Input[str]
    version: int
    instance_class: str
    storage: int
    max_storage: int
    multi_az: bool
    backup_days: int
    protected: bool


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
        child = pulumi.ResourceOptions(parent=self)
        guarded = pulumi.ResourceOptions(parent=self, protect=args.protected)
        subnets = aws.rds.SubnetGroup(name, subnet_ids=args.subnet_ids, opts=child)
        self.instance = aws.rds.Instance(
            name,
            engine="postgres",
            engine_version=str(args.version),
            instance_class=args.instance_class,
            db_name=NAME,
            username=_MASTER,
            manage_master_user_password=True,
            db_subnet_group_name=subnets.name,
            vpc_security_group_ids=[args.security_group_id],
            publicly_accessible=False,
            multi_az=args.multi_az,
            storage_type="gp3",
            storage_encrypted=True,
            allocated_storage=args.storage,
            max_allocated_storage=args.max_storage,
            backup_retention_period=args.backup_days,
            copy_tags_to_snapshot=True,
            auto_minor_version_upgrade=True,
            apply_immediately=not args.protected,
            deletion_protection=args.protected,
            skip_final_snapshot=not args.protected,
            # The subnet group's own name ends in a suffix that is new for every database ever made.
            final_snapshot_identifier=pulumi.Output.concat(subnets.name, "-final") if args.protected else None,
            opts=guarded,
        )
        self.master_secret_arn = self.instance.master_user_secrets.apply(_only_arn)
        self.secret = aws.secretsmanager.Secret(
            name,
            name=args.secret_name,
            description="How the pipeline's function reaches its database",
            recovery_window_in_days=_SECRET_RECOVERY_DAYS if args.protected else 0,
            opts=guarded,
        )
        self.register_outputs({"endpoint": self.instance.endpoint, "secret_arn": self.secret.arn})


def _only_arn(secrets: Sequence[aws.rds.outputs.InstanceMasterUserSecret] | None) -> str | None:
    return secrets[0].secret_arn if secrets else None
