"""Where the functions and the database live: no way in from the internet, and no way out to it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.configuration.config import Config

POSTGRES = 5432
_CIDR = "10.42.0.0/24"  # joins nothing, so that any private range does
_SUBNET_CIDRS = ("10.42.0.0/26", "10.42.0.64/26")


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """What the network is made of.

    Attributes:
        config: says whether it is one of our own, or an existing network, which reaches S3, Secrets Manager,
            SNS and Step Functions by its own means.
        region: where it is.
    """

    config: Config
    region: str


class Network(pulumi.ComponentResource):
    """Subnets in two zones and a security group for each of functions and database.

    Attributes:
        vpc_id: the network.
        subnet_ids: where functions and database are placed.
        route_table_ids: of our own subnets; empty in an existing network.
        functions: security group of every function.
        database: security group of the database.
        rules: what lets the one reach the other.
    """

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:network:Network", name, None, opts)
        self._name, self._child = name, pulumi.ResourceOptions(parent=self)
        config = args.config
        self._protected = config.deletion_protection  # what the database stands in does not change under it
        self.vpc_id: pulumi.Input[str] = config.vpc_id
        self.subnet_ids: Sequence[pulumi.Input[str]] = config.subnet_ids
        self.route_table_ids: Sequence[pulumi.Input[str]] = ()
        if not config.vpc_id:
            self._make_vpc(config.availability_zones or (f"{args.region}a", f"{args.region}b"))
        self.functions = self._group("functions", "The functions: out to the database and to three services")
        self.database = self._group("database", "The database: in from the functions")
        self.rules = open_port(f"{name}-database", self.functions, self.database, POSTGRES, self._child)
        self.register_outputs({"vpc_id": self.vpc_id, "subnet_ids": self.subnet_ids})

    def _make_vpc(self, zones: Sequence[str]) -> None:
        vpc = aws.ec2.Vpc(
            f"{self._name}-vpc",
            cidr_block=_CIDR,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": self._name},
            opts=pulumi.ResourceOptions(parent=self, protect=self._protected),
        )
        aws.ec2.DefaultSecurityGroup(f"{self._name}-closed", vpc_id=vpc.id, opts=self._child)
        routes = aws.ec2.RouteTable(f"{self._name}-routes", vpc_id=vpc.id, opts=self._child)
        self.vpc_id, self.route_table_ids = vpc.id, [routes.id]
        self.subnet_ids = [
            self._subnet(number, zone, cidr, routes)
            for number, (zone, cidr) in enumerate(zip(zones, _SUBNET_CIDRS, strict=True), start=1)
        ]

    def _subnet(self, number: int, zone: str, cidr: str, routes: aws.ec2.RouteTable) -> pulumi.Output[str]:
        name, before = f"{self._name}-subnet-{number}", [pulumi.Alias(name=f"{self._name}-{zone}")]
        subnet = aws.ec2.Subnet(
            name,
            vpc_id=self.vpc_id,
            availability_zone=zone,
            cidr_block=cidr,
            map_public_ip_on_launch=False,
            tags={"Name": f"{self._name}-{zone}"},
            opts=pulumi.ResourceOptions(parent=self, protect=self._protected, aliases=before),
        )
        aws.ec2.RouteTableAssociation(
            name,
            subnet_id=subnet.id,
            route_table_id=routes.id,
            opts=pulumi.ResourceOptions(parent=self, aliases=before),
        )
        return subnet.id

    def _group(self, role: str, description: str) -> aws.ec2.SecurityGroup:
        name = f"{self._name}-{role}"
        return aws.ec2.SecurityGroup(
            name,
            vpc_id=self.vpc_id,
            description=description,
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self, protect=self._protected),
        )


def open_port(
    name: str,
    source: aws.ec2.SecurityGroup,
    target: aws.ec2.SecurityGroup,
    port: int,
    opts: pulumi.ResourceOptions,
) -> list[pulumi.Resource]:
    """Let the members of `source`, and nobody else, reach those of `target`: one rule at each end."""
    return [
        aws.vpc.SecurityGroupEgressRule(
            f"{name}-out",
            security_group_id=source.id,
            referenced_security_group_id=target.id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            opts=opts,
        ),
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-in",
            security_group_id=target.id,
            referenced_security_group_id=source.id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            opts=opts,
        ),
    ]
