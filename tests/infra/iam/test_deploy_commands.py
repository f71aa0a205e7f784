"""The role that deploys runs the commands that follow a deployment, of its own stack alone."""

from collections.abc import Iterator
from itertools import product

from tests.infra.conftest import Environment
from tests.infra.iam.test_deploy_role import documents
from tests.infra.iam.test_smoke_permissions import INPUT, documented
from tests.infra.support.evaluator import Request, allows
from tests.infra.support.program import ACCOUNT, REGION, Program


def test_the_deploy_role_may_do_what_the_document_lists_for_the_smoke_test(
    environments: dict[str, Environment],
) -> None:
    environment = environments["dev"]
    listed = documented(environment.program.outputs["operator_function_name"])
    prefix = environment.program.outputs["input_bucket"].removesuffix("-input")
    for statement in listed["Statement"]:
        for action, resource in product(statement["Action"], statement["Resource"]):
            here = resource.replace(INPUT.removesuffix("-input"), prefix)
            assert allows(documents(environment), Request(action, here.replace("*", "0.csv"))), (action, here)


def _commands(program: Program) -> Iterator[Request]:
    """What `pipeline smoke`, `pipeline releases` and the scan ask AWS for, beside the objects above."""
    bucket = f"arn:aws:s3:::{program.outputs['input_bucket']}"
    yield Request("s3:PutObject", f"{bucket}/smoke/2025-09-02_14-30-00_0a1b2c3d.csv")
    yield Request("s3:GetBucketNotification", bucket)
    for each in program.all("Bucket"):
        yield Request("s3:ListBucketVersions", f"arn:aws:s3:::{each['bucket']}")
    for each in program.all("Function"):
        for action in ("lambda:InvokeFunction", "lambda:GetFunction"):
            yield Request(action, f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{each['name']}")
    repository = program.outputs["repository_url"].partition("/")[2]
    for action in ("ecr:DescribeImages", "ecr:DescribeImageScanFindings"):
        yield Request(action, f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{repository}")


def test_the_commands_after_a_deployment_can_be_run_with_the_deploy_role_of_the_stack_alone(
    environments: dict[str, Environment],
) -> None:
    own = documents(environments["dev"])
    for name, expected in (("dev", True), ("prod", False)):
        for request in _commands(environments[name].program):
            assert allows(own, request) == expected, request
    bucket = environments["dev"].program.outputs["input_bucket"]
    assert not allows(own, Request("s3:PutObject", f"arn:aws:s3:::{bucket}/orders.csv"))


def test_the_deploy_role_keeps_the_state_of_its_environment_and_no_other(
    environments: dict[str, Environment],
) -> None:
    own = documents(environments["dev"])
    for name, expected in (("dev", True), ("prod", False)):
        names = environments[name].bootstrap.names
        state, key = f"arn:aws:s3:::{names['State']}", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{names['Key']}"
        assert allows(own, Request("s3:ListBucket", state)) == expected
        for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"):
            assert allows(own, Request(action, f"{state}/.pulumi/stacks/x.json")) == expected
        for action in ("kms:Encrypt", "kms:Decrypt"):
            assert allows(own, Request(action, key)) == expected
        assert not allows(own, Request("s3:DeleteObjectVersion", f"{state}/.pulumi/stacks/x.json"))
