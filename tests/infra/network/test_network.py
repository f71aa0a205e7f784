"""What can reach what, worked out from the recorded rules as EC2 would."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.infra.support.program import Program, Resource, run, stack_config

Way = tuple[str, str, int]  # from a security group, to a destination, on a TCP port
RULES = ("SecurityGroupEgressRule", "SecurityGroupIngressRule")
WANTED = {
    ("functions", "database", 5432),
    ("functions", "secretsmanager", 443),
    ("functions", "sns", 443),
    ("functions", "states", 443),
    ("functions", "s3", 443),
}


def ways(program: Program) -> set[Way]:
    """Every connection that a rule of its source and a rule of its destination let through."""
    found = set()
    for out in program.all("SecurityGroupEgressRule"):
        ports = range(int(out["fromPort"]), int(out["toPort"]) + 1)
        for destination, group in _destinations(program):
            if group == out.inputs.get("referencedSecurityGroupId") and _admits(program, group, out):
                found |= {(_role(out["securityGroupId"]), destination, port) for port in ports}
        if _s3_is_routed(program, out.inputs.get("prefixListId")):
            found |= {(_role(out["securityGroupId"]), "s3", port) for port in ports}
        if cidr := out.inputs.get("cidrIpv4") or out.inputs.get("cidrIpv6"):
            found |= {(_role(out["securityGroupId"]), cidr, port) for port in ports}
    return found


def _destinations(program: Program) -> Iterator[tuple[str, str]]:
    for instance in program.all("Instance"):
        yield from (("database", group) for group in instance["vpcSecurityGroupIds"])
    for endpoint in program.all("VpcEndpoint"):
        service = endpoint["serviceName"].split(".")[-1]
        if endpoint.inputs.get("privateDnsEnabled"):
            yield from ((service, group) for group in endpoint["securityGroupIds"])


def _admits(program: Program, group: str, out: Resource) -> bool:
    return any(
        rule["securityGroupId"] == group
        and rule["referencedSecurityGroupId"] == out["securityGroupId"]
        and (rule["fromPort"], rule["toPort"], rule["ipProtocol"]) == (out["fromPort"], out["toPort"], "tcp")
        for rule in program.all("SecurityGroupIngressRule")
    )


def _s3_is_routed(program: Program, prefix_list: str | None) -> bool:
    """A gateway endpoint works for the subnets whose route table it is in."""
    if prefix_list != "pl-1":
        return False
    tables = {table for each in program.all("VpcEndpoint") for table in each.inputs.get("routeTableIds", [])}
    routed = {
        each["subnetId"] for each in program.all("RouteTableAssociation") if each["routeTableId"] in tables
    }
    return {subnet for each in program.all("Function") for subnet in each["vpcConfig"]["subnetIds"]} <= routed


def _role(group_id: str) -> str:
    return group_id.removesuffix("-id").rsplit("-", 1)[-1]


def without(program: Program, resource: Resource) -> Program:
    return replace(program, resources=[each for each in program.resources if each is not resource])


def test_the_functions_reach_the_database_and_four_services_and_nothing_else(dev: Program) -> None:
    assert ways(dev) == WANTED


def test_no_rule_is_there_for_nothing(dev: Program) -> None:
    rules = [rule for kind in RULES for rule in dev.all(kind)]
    assert len(rules) == 5
    for rule in rules:
        assert ways(without(dev, rule)) < WANTED, f"{rule.name} makes no difference"


@pytest.mark.parametrize("kind", ["RouteTableAssociation", "VpcEndpoint"])
def test_without_its_endpoint_or_route_a_service_is_out_of_reach(dev: Program, kind: str) -> None:
    for each in dev.all(kind):
        assert ways(without(dev, each)) < WANTED, f"{each.name} makes no difference"


def test_nothing_gets_in_but_from_the_functions(program: Program) -> None:
    for rule in program.all("SecurityGroupIngressRule"):
        assert _role(rule["referencedSecurityGroupId"]) == "functions"
        assert not {"cidrIpv4", "cidrIpv6", "prefixListId"} & set(rule.inputs)


def test_security_groups_have_separate_rules_only(program: Program) -> None:
    for group in program.all("SecurityGroup") + program.all("DefaultSecurityGroup"):
        assert not {"ingress", "egress"} & set(group.inputs)


def test_the_network_has_no_way_to_the_internet(dev: Program) -> None:
    assert not [
        each
        for each in dev.resources
        if any(w in each.type for w in ("Gateway:", "/route:", "natGateway", "eip"))
    ]
    assert dev.one("RouteTable").inputs.keys() <= {"vpcId"}
    for subnet in dev.all("Subnet"):
        assert subnet["mapPublicIpOnLaunch"] is False


def test_the_two_subnets_lie_in_two_zones_of_the_region(dev: Program) -> None:
    assert {subnet["availabilityZone"] for subnet in dev.all("Subnet")} == {"eu-central-1a", "eu-central-1b"}


def test_functions_and_database_are_placed_in_those_subnets_with_their_own_groups(program: Program) -> None:
    for function in program.all("Function"):
        assert [_role(group) for group in function["vpcConfig"]["securityGroupIds"]] == ["functions"]
        assert function["vpcConfig"]["subnetIds"] == program.one("SubnetGroup")["subnetIds"]
    assert [_role(group) for group in program.one("Instance")["vpcSecurityGroupIds"]] == ["database"]


def test_the_endpoints_stand_in_as_many_zones_as_configured(dev: Program) -> None:
    both = dev.one("SubnetGroup")["subnetIds"]
    for service in ("sns", "secretsmanager", "states"):
        assert dev.one("VpcEndpoint", service)["subnetIds"] == both[:1]
    redundant = run("dev", stack_config("Pulumi.dev.yaml", endpointZones=2))
    assert redundant.one("VpcEndpoint", "sns")["subnetIds"] == both


def test_only_our_own_things_are_reached_through_the_endpoints(dev: Program) -> None:
    buckets = [f"arn:aws:s3:::candidate-test-{role}" for role in ("input", "output", "backup")]
    [s3] = dev.policy("VpcEndpoint", "s3")
    assert (s3["Action"], s3["Resource"]) == (["s3:*"], [*buckets, *(f"{bucket}/*" for bucket in buckets)])
    [sns] = dev.policy("VpcEndpoint", "sns")
    assert (sns["Action"], sns["Resource"]) == (["sns:Publish"], [dev.outputs["topic_arn"]])
    [states] = dev.policy("VpcEndpoint", "states")
    machine = dev.outputs["state_machine_arn"]
    assert states["Resource"] == [machine, f"{machine.replace(':stateMachine:', ':execution:')}:*"]
    [secrets] = dev.policy("VpcEndpoint", "secretsmanager")
    assert secrets["Resource"] == [
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-1-GhIjKl",
        dev.outputs["database_secret_arn"],
    ]


def test_an_existing_network_is_used_and_nothing_is_put_into_it_but_groups_and_rules(prod: Program) -> None:
    assert not [each for kind in ("Vpc", "Subnet", "RouteTable", "VpcEndpoint") for each in prod.all(kind)]
    assert {group["vpcId"] for group in prod.all("SecurityGroup")} == {"vpc-0a1b"}
    assert prod.one("SubnetGroup")["subnetIds"] == ["subnet-0a", "subnet-0b"]
    assert ways(prod) == {("functions", "database", 5432), ("functions", "0.0.0.0/0", 443)}
