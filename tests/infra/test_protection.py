"""What a protected stack cannot lose: each type of resource is gone through, with the reason for its answer."""

import pytest

from tests.infra.support.program import Program, Resource, run, stack_config

GUARDS = "protects a bucket's objects; without it they lie open, or can no longer be told from older ones"
PROTECTED = {
    "aws:s3/bucket:Bucket": "holds uploads, results and backups",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": GUARDS,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": GUARDS,
    "aws:s3/bucketPolicy:BucketPolicy": GUARDS,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": GUARDS,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": GUARDS,
    "aws:s3/bucketVersioning:BucketVersioning": GUARDS,
    "aws:rds/instance:Instance": "holds every verdict",
    "aws:rds/subnetGroup:SubnetGroup": "the database stands in it",
    "aws:ec2/vpc:Vpc": "the database stands in it",
    "aws:ec2/subnet:Subnet": "the database stands in it",
    "aws:ec2/securityGroup:SecurityGroup": "decides who reaches the database",
    "aws:secretsmanager/secret:Secret": "holds the only copy of the application's password",
    "aws:ecr/repository:Repository": "holds every image that can be gone back to",
    "aws:sqs/queue:Queue": "holds the events that failed for good",
    "aws:cloudwatch/logGroup:LogGroup": "holds what was done to which file",
}
FREE = {
    "aws:cloudwatch/eventRule:EventRule": "holds nothing",
    "aws:cloudwatch/eventTarget:EventTarget": "goes with its rule",
    "aws:cloudwatch/dashboard:Dashboard": "holds nothing; made again from the program",
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": "holds nothing",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "holds nothing",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "goes with its VPC, which is protected",
    "aws:ec2/routeTable:RouteTable": "without it there is less access, not more",
    "aws:ec2/routeTableAssociation:RouteTableAssociation": "without it there is less access",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "without it there is less access",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": "without it more is kept",
    "aws:iam/role:Role": "without it there is less access",
    "aws:iam/rolePolicy:RolePolicy": "without it there is less access",
    "aws:lambda/function:Function": "holds nothing; its image is in the repository",
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": "goes with its function",
    "aws:lambda/invocation:Invocation": "is a call, and holds nothing",
    "aws:lambda/permission:Permission": "without it there is less access",
    "aws:s3/bucketNotification:BucketNotification": "what is missed without it, reconciliation finds",
    "aws:scheduler/schedule:Schedule": "holds nothing",
    "aws:scheduler/scheduleGroup:ScheduleGroup": "holds nothing but schedules",
    "aws:sfn/stateMachine:StateMachine": "holds executions that run; their files are read again without it",
    "aws:sqs/queuePolicy:QueuePolicy": "without it there is less access",
    "aws:sns/topic:Topic": "holds no message; must be free to give way to a shared one",
    "aws:sns/topicPolicy:TopicPolicy": "goes with its topic",
    "aws:sns/topicSubscription:TopicSubscription": "addresses come and go",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "without it there is less access",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "without it there is less access",
    "docker-build:index:Image": "is kept in the repository whatever becomes of it here",
    "pulumi:providers:aws": "is no resource of AWS",
}
EXCEPT = ("-interfaces", "-cache")  # the group of the endpoints; layers that a build makes again
BUCKET_PARTS = {each for each in PROTECTED if each.startswith("aws:s3/")}


@pytest.fixture(scope="module")
def whole() -> Program:
    """Production with a network and a topic of its own: every resource there is."""
    return run("prod", stack_config("Pulumi.prod.yaml.example", topicArn=""))


def test_every_type_of_resource_has_been_gone_through(whole: Program, dev: Program, prod: Program) -> None:
    types = {each.type for program in (whole, dev, prod) for each in program.resources if each.custom}
    assert types == PROTECTED.keys() | FREE.keys()


def test_production_protects_what_holds_or_protects_data_and_nothing_else(
    whole: Program, prod: Program
) -> None:
    for each in [*whole.resources, *prod.resources]:
        if each.custom:
            expected = each.type in PROTECTED and not each.name.endswith(EXCEPT)
            assert each.protect == expected, f"{each.type} {each.name}"


def test_development_protects_nothing(dev: Program) -> None:
    assert [each.urn for each in dev.resources if each.protect] == []


def _identities(program: Program) -> set[str]:
    return {each.urn for each in program.resources if each.type in PROTECTED}


@pytest.mark.parametrize(
    "changed",
    [
        {"bucketPrefix": "another-prefix"},
        {"availabilityZones": ["eu-central-1b", "eu-central-1c"]},
        {"databaseClass": "db.r8g.large", "databaseVersion": 18, "databaseStorage": 200},
        {"deletionProtection": False},
        {"topicArn": "arn:aws:sns:eu-central-1:111122223333:shared-alerts"},
        {
            "reconcileSchedule": "",
            "rotationDays": 0,
            "backupArchiveDays": 0,
            "endpointZones": 1,
            "architecture": "x86_64",
        },
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_no_choice_makes_pulumi_take_a_protected_resource_for_another(
    whole: Program, changed: dict[str, object]
) -> None:
    """What keeps its identity is replaced, which protection refuses at once, and never deleted."""
    program = run("prod", stack_config("Pulumi.prod.yaml.example", **{"topicArn": ""} | changed))
    assert _identities(program) == _identities(whole)


def test_another_network_leaves_the_identity_of_what_would_be_replaced(whole: Program, prod: Program) -> None:
    """Its security groups belong to a VPC for good: their replacement is refused before the VPC is deleted."""
    kinds = ("SecurityGroup", "SubnetGroup", "Instance")
    for own in (each for kind in kinds for each in whole.all(kind) if "-interfaces" not in each.name):
        assert own.urn in {each.urn for each in prod.resources}


def test_a_bucket_and_all_that_protects_it_stay_or_go_together(whole: Program, dev: Program) -> None:
    for program, kept in ((whole, True), (dev, False)):
        parts = [each for each in program.resources if each.type in BUCKET_PARTS]
        assert len(parts) == 3 * len(BUCKET_PARTS)
        assert {each.retain for each in parts} == {kept}
        assert {each["forceDestroy"] for each in program.all("Bucket")} == {not kept}


def test_once_let_go_the_data_stays_unless_that_is_not_wanted() -> None:
    for kept in (True, False):
        changed = {"deletionProtection": False, "finalSnapshot": kept}
        program = run("prod", stack_config("Pulumi.prod.yaml.example", **changed))
        parts = [each for each in program.resources if each.type in BUCKET_PARTS]
        assert not any(each.protect for each in program.resources)
        assert {each.retain for each in parts} == {kept}
        assert {each["forceDestroy"] for each in program.all("Bucket")} == {not kept}
        assert program.one("Instance")["deletionProtection"] is False
        assert program.one("Instance")["skipFinalSnapshot"] is not kept
        assert {each["forceDelete"] for each in program.all("Repository")} == {True}


def test_a_stack_that_was_made_with_the_former_names_keeps_its_resources(whole: Program) -> None:
    for each in (each for each in whole.resources if each.type in BUCKET_PARTS):
        assert f"example-com-csv-{each.name}" in each.aliases
    zones = {each["availabilityZone"]: each for each in whole.all("Subnet")}
    for zone, each in zones.items():
        assert f"csv-pipeline-prod-{zone}" in each.aliases
        assert f"csv-pipeline-prod-{zone}" in _association(whole, each).aliases


def _association(program: Program, subnet: Resource) -> Resource:
    return program.one("RouteTableAssociation", subnet.name)
