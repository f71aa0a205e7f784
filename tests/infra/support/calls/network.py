"""The calls for VPC, subnets, security groups and endpoints.

Source: the resource's file in internal/service/ec2 of terraform-provider-aws, whose code the Pulumi provider
runs; which resources an action is authorized on: "Actions, resources, and condition keys for Amazon EC2".
Resources are tagged as they are made, but for a VPC's default security group, which EC2 makes.
"""

from tests.infra.support.calls.call import Call, change, make, read, tagged

_EC2 = "arn:aws:ec2:{region}:{account}:"
_VPC, _SUBNET, _GROUP = f"{_EC2}vpc/vpc-1", f"{_EC2}subnet/subnet-1", f"{_EC2}security-group/sg-1"
_ROUTES, _ENDPOINT, _RULE = (
    f"{_EC2}route-table/rtb-1",
    f"{_EC2}vpc-endpoint/vpce-1",
    f"{_EC2}security-group-rule/sgr-1",
)
_FLOW = f"{_EC2}vpc-flow-log/fl-1"
_TAG = "ec2:CreateTags"
_RETAG = "ec2:CreateTags ec2:DeleteTags"
# What Lambda leaves behind in a subnet or group is looked for, and removed: "deleteLingeringENIs".
_LEFT_BEHIND = change("ec2:DeleteNetworkInterface", f"{_EC2}network-interface/eni-1")
_LOOK_FOR_IT = read("ec2:DescribeNetworkInterfaces")


def _rule(direction: str) -> tuple[Call, ...]:
    return (
        read("ec2:DescribeSecurityGroupRules"),
        tagged("make", f"ec2:AuthorizeSecurityGroup{direction}", _GROUP),
        make(f"ec2:AuthorizeSecurityGroup{direction}", _RULE),
        make(_TAG, _RULE),
        tagged("change", f"ec2:ModifySecurityGroupRules ec2:RevokeSecurityGroup{direction}", _GROUP),
        tagged("change", f"ec2:ModifySecurityGroupRules {_RETAG}", _RULE),
        change("ec2:ModifySecurityGroupRules", "arn:aws:ec2:{region}:aws:prefix-list/pl-1"),
    )


CALLS: dict[str, tuple[Call, ...]] = {
    "aws:ec2/vpc:Vpc": (  # vpc_.go
        read("ec2:DescribeVpcs ec2:DescribeVpcAttribute ec2:DescribeNetworkAcls"),
        read("ec2:DescribeRouteTables ec2:DescribeSecurityGroups"),
        make(f"ec2:CreateVpc {_TAG}", _VPC),
        tagged("make", "ec2:ModifyVpcAttribute", _VPC),
        tagged("change", f"ec2:ModifyVpcAttribute ec2:DeleteVpc {_RETAG}", _VPC),
    ),
    "aws:ec2/flowLog:FlowLog": (  # vpc_flow_log.go
        read("ec2:DescribeFlowLogs"),
        make("ec2:CreateFlowLogs", _VPC),
        make(f"ec2:CreateFlowLogs {_TAG}", _FLOW),
        make("iam:PassRole", "{iamRoleArn}", **{"iam:PassedToService": "vpc-flow-logs.amazonaws.com"}),
        tagged("change", f"ec2:DeleteFlowLogs {_RETAG}", _FLOW),
    ),
    "aws:ec2/subnet:Subnet": (  # vpc_subnet.go
        read("ec2:DescribeSubnets"),
        _LOOK_FOR_IT,
        make("ec2:CreateSubnet", _VPC),
        make(f"ec2:CreateSubnet {_TAG}", _SUBNET),
        tagged("make", "ec2:ModifySubnetAttribute", _SUBNET),
        tagged("change", f"ec2:ModifySubnetAttribute ec2:DeleteSubnet {_RETAG}", _SUBNET),
        _LEFT_BEHIND,
    ),
    "aws:ec2/routeTable:RouteTable": (  # vpc_route_table.go
        read("ec2:DescribeRouteTables"),
        make("ec2:CreateRouteTable", _VPC),
        make(f"ec2:CreateRouteTable {_TAG}", _ROUTES),
        tagged("change", f"ec2:DeleteRouteTable {_RETAG}", _ROUTES),
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": (  # vpc_route_table_association.go
        read("ec2:DescribeRouteTables"),
        tagged("make", "ec2:AssociateRouteTable", _ROUTES),
        tagged("make", "ec2:AssociateRouteTable", _SUBNET),
        tagged("change", "ec2:DisassociateRouteTable", _ROUTES),
        tagged("change", "ec2:DisassociateRouteTable", _SUBNET),
    ),
    "aws:ec2/securityGroup:SecurityGroup": (  # vpc_security_group.go
        read("ec2:DescribeSecurityGroups"),
        _LOOK_FOR_IT,
        make("ec2:CreateSecurityGroup", _VPC),
        make(f"ec2:CreateSecurityGroup {_TAG}", _GROUP),
        tagged("make", "ec2:RevokeSecurityGroupEgress", _GROUP),  # the rule that EC2 gives to a new group
        tagged("change", f"ec2:DeleteSecurityGroup {_RETAG}", _GROUP),
        _LEFT_BEHIND,
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": (  # vpc_default_security_group.go: first the tags
        read("ec2:DescribeSecurityGroups ec2:DescribeSecurityGroupRules"),
        make(_TAG, _GROUP),
        tagged("make", "ec2:RevokeSecurityGroupIngress ec2:RevokeSecurityGroupEgress", _GROUP),
        tagged("change", _RETAG, _GROUP),
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _rule(
        "Egress"
    ),  # vpc_security_group_*_rule.go
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _rule("Ingress"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": (  # vpc_endpoint.go
        read("ec2:DescribeVpcEndpoints ec2:DescribePrefixLists ec2:DescribeNetworkInterfaces"),
        make("ec2:CreateVpcEndpoint", _VPC),
        make("ec2:CreateVpcEndpoint", _SUBNET),
        make("ec2:CreateVpcEndpoint", _GROUP),
        make("ec2:CreateVpcEndpoint", _ROUTES),
        make(f"ec2:CreateVpcEndpoint {_TAG}", _ENDPOINT),
        make("route53:AssociateVPCWithHostedZone", "arn:aws:route53:::hostedzone/Z1"),  # private_dns_enabled
        tagged("change", f"ec2:ModifyVpcEndpoint ec2:DeleteVpcEndpoints {_RETAG}", _ENDPOINT),
        tagged("change", "ec2:ModifyVpcEndpoint", _SUBNET),
        tagged("change", "ec2:ModifyVpcEndpoint", _GROUP),
        tagged("change", "ec2:ModifyVpcEndpoint", _ROUTES),
    ),
}
