"""The only ways out of the network: to four services of AWS, and there to our own things only."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.configuration.config import Config
from infra.database import Database
from infra.iam import executions, resource_policies
from infra.network.network import Network, open_port
from infra.storage import Storage

HTTPS = 443


@dataclass(frozen=True, kw_only=True)
class EndpointsArgs:
    """Which network, and what may be reached from it.

    Attributes:
        config: in how many zones the interface endpoints stand.
        region: the services' region.
        network: one of our own, or an existing one, which has its own ways.
        account: whose roles may use them.
        storage, database, topic_arn: all that may be reached: the buckets, the secrets, the topic,
        state_machine: and the state machine, if there is to be one; its ARN.
    """

    config: Config
    region: str
    account: pulumi.Input[str]
    network: Network
    storage: Storage
    database: Database
    topic_arn: pulumi.Input[str]
    state_machine: pulumi.Input[str] | None


class Endpoints(pulumi.ComponentResource):
    """A gateway endpoint (free) for S3 and interface endpoints for the others.

    In an existing network nothing is made but a rule that lets the functions reach port 443: an endpoint
    with private DNS would take over the service's name for everybody else in that network.

    Attributes:
        ready: what must exist before a function can reach a service.
    """

    def __init__(self, name: str, args: EndpointsArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:endpoints:Endpoints", name, None, opts)
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        if args.network.route_table_ids:
            self.ready = [*self._s3(), *self._services()]
        else:
            self.ready = [self._out("services", cidr_ipv4="0.0.0.0/0")]
        self.register_outputs({})

    def _s3(self) -> list[pulumi.Resource]:
        endpoint = aws.ec2.VpcEndpoint(
            f"{self._name}-s3",
            vpc_id=self._args.network.vpc_id,
            service_name=f"com.amazonaws.{self._args.region}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=self._args.network.route_table_ids,
            policy=self._through("s3:*", self._args.storage.arns, buckets=True),
            tags={"Name": f"{self._name}-s3"},
            opts=self._child,
        )
        return [endpoint, self._out("s3", prefix_list_id=endpoint.prefix_list_id)]

    def _services(self) -> list[pulumi.Resource]:
        name = f"{self._name}-interfaces"
        group = aws.ec2.SecurityGroup(
            name,
            vpc_id=self._args.network.vpc_id,
            description="The endpoints of services: in from the functions",
            tags={"Name": name},
            opts=self._child,
        )
        return [
            self._interface(
                "secretsmanager", self._through("secretsmanager:*", self._args.database.secret_arns), group
            ),
            self._interface("sns", self._through("sns:Publish", [self._args.topic_arn]), group),
            *self._executions(group),
            *open_port(name, self._args.network.functions, group, HTTPS, self._child),
        ]

    def _executions(self, group: aws.ec2.SecurityGroup) -> list[pulumi.Resource]:
        if self._args.state_machine is None:
            return []
        machine = pulumi.Output.from_input(self._args.state_machine)
        policy = self._through("states:*", [machine, machine.apply(executions.executions_of)])
        return [self._interface("states", policy, group)]

    def _interface(
        self, service: str, policy: pulumi.Output[str], group: aws.ec2.SecurityGroup
    ) -> aws.ec2.VpcEndpoint:
        name = f"{self._name}-{service}"
        return aws.ec2.VpcEndpoint(
            name,
            vpc_id=self._args.network.vpc_id,
            service_name=f"com.amazonaws.{self._args.region}.{service}",
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=self._args.network.subnet_ids[: self._args.config.endpoint_zones],
            security_group_ids=[group.id],
            policy=policy,
            tags={"Name": name},
            opts=self._child,
        )

    def _out(
        self,
        where: str,
        *,
        prefix_list_id: pulumi.Input[str | None] = None,
        cidr_ipv4: pulumi.Input[str | None] = None,
    ) -> pulumi.Resource:
        return aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-{where}-out",
            security_group_id=self._args.network.functions.id,
            prefix_list_id=prefix_list_id,
            cidr_ipv4=cidr_ipv4,
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            opts=self._child,
        )

    def _through(
        self, action: str, arns: Sequence[pulumi.Input[str]], *, buckets: bool = False
    ) -> pulumi.Output[str]:
        """The endpoint policy that allows `action` on `arns`, and on what is in them, to this account."""

        def policy(known: Sequence[str]) -> str:
            account, *resources = known
            contents = [f"{arn}/*" for arn in resources if buckets]
            return resource_policies.through_endpoint([action], account, *resources, *contents, own=buckets)

        return pulumi.Output.all(self._args.account, *arns).apply(policy)
