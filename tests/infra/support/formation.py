"""The stacks that the bootstrap template makes, read back from an account."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3

from local.aws.emulator import Emulator
from local.processes.group import Processes
from tests.infra.support.program import ACCOUNT, REGION, ROOT

TEMPLATE = ROOT / "infra" / "bootstrap.yaml"
Document = dict[str, Any]


@dataclass(frozen=True)
class Role:
    """One role of the template.

    Attributes:
        seconds: the longest session.
        trust: who may take it on.
        attached, inline: its policies by ARN and by name.
    """

    arn: str
    seconds: int
    trust: Document
    attached: dict[str, Document]
    inline: dict[str, Document]

    @property
    def documents(self) -> list[Document]:
        return [*self.attached.values(), *self.inline.values()]


@dataclass(frozen=True)
class Bootstrap:
    """One stack of the template.

    Attributes:
        outputs: by key.
        names: what AWS calls each resource, by its name in the template.
        roles: Deploy, Preview and Drift.
        boundary: what the roles of the program can do at most.
    """

    outputs: dict[str, str]
    names: dict[str, str]
    roles: dict[str, Role]
    boundary: Document


class Formation(Emulator):
    """The embedded stack's emulator with what the bootstrap template asks for."""

    def _settings(self, port: int) -> dict[str, str]:
        services = {"SERVICES": "cloudformation,iam,kms,s3,sts"}
        return (
            super()._settings(port) | services | {"MINISTACK_REGION": REGION, "MINISTACK_ACCOUNT_ID": ACCOUNT}
        )

    def client(self, service: str) -> Any:
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="root",
        )

    def deploy(self, parameters: Mapping[str, str]) -> Bootstrap:
        """Make a stack, as `aws cloudformation deploy` does."""
        name, formation = f"bootstrap-{parameters['Environment']}", self.client("cloudformation")
        formation.create_stack(
            StackName=name,
            TemplateBody=TEMPLATE.read_text(),
            Capabilities=["CAPABILITY_IAM"],
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        )
        formation.get_waiter("stack_create_complete").wait(
            StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 20}
        )
        [stack] = formation.describe_stacks(StackName=name)["Stacks"]
        made = formation.describe_stack_resources(StackName=name)["StackResources"]
        names = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in made}
        return Bootstrap(
            outputs={each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]},
            names=names,
            roles={role: self._role(names[role]) for role in ("Deploy", "Preview", "Drift")},
            boundary=self._policy(names["Boundary"]),
        )

    def _role(self, name: str) -> Role:
        iam = self.client("iam")
        role = iam.get_role(RoleName=name)["Role"]
        attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
        return Role(
            arn=role["Arn"],
            seconds=role["MaxSessionDuration"],
            trust=role["AssumeRolePolicyDocument"],
            attached={each["PolicyArn"]: self._policy(each["PolicyArn"]) for each in attached},
            inline={
                policy: _document(iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"])
                for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
            },
        )

    def _policy(self, arn: str) -> Document:
        iam = self.client("iam")
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        return _document(
            iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        )


def _document(value: Any) -> Document:
    document: Document = json.loads(value) if isinstance(value, str) else value
    return document


@contextmanager
def formation() -> Iterator[Formation]:
    with Processes() as processes:
        emulator = Formation(processes)
        emulator.start()
        yield emulator
