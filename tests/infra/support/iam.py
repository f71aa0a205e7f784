"""A cloud on this machine that enforces the policies which the program registered."""

import fnmatch
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3

from local.aws.emulator import Emulator
from local.postgres.server import Postgres
from local.processes.group import Processes
from tests.infra.support.program import ACCOUNT, REGION, Program

Document = dict[str, Any]
BUCKETS = ("candidate-test-input", "candidate-test-output", "candidate-test-backup")


class Enforcing(Emulator):
    """The embedded stack's emulator, with IAM, in the account and region of the recorded program."""

    def _settings(self, port: int) -> dict[str, str]:
        return super()._settings(port) | {
            "AUTH": "true",
            "SERVICES": "s3,sns,sqs,secretsmanager,iam,sts,logs,lambda,stepfunctions",
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
        }


class Cloud:
    """Buckets, topic, queue, secrets and log of the recorded program, for roles to try their policies on.

    Attributes:
        real_arns: ARNs that the emulator makes up, by those that the recording made up.
    """

    def __init__(self, processes: Processes):
        self._emulator = Enforcing(processes)
        self._emulator.start()
        self.postgres = Postgres(processes)
        self.postgres.create()
        self._roles = 0
        self._clients: dict[str, Any] = {}
        self.real_arns: dict[str, str] = {}

    def client(self, service: str, credentials: Mapping[str, str] | None = None) -> Any:
        """A client with the credentials of a role, or with the account's own."""
        if credentials is None and service in self._clients:
            return self._clients[service]
        made = boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self._emulator.endpoint,
            region_name=REGION,
            **(credentials or {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": "root"}),
        )
        if credentials is None:
            self._clients[service] = made
        return made

    def furnish(self, topic: str, queue: str, log_group: str, secrets: Mapping[str, str]) -> None:
        """Make what the policies speak of. `secrets`: recorded ARN -> value."""
        s3 = self.client("s3")
        for bucket in BUCKETS:
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        assert self.client("sns").create_topic(Name=topic.rsplit(":", maxsplit=1)[-1])["TopicArn"] == topic
        self.client("sqs").create_queue(QueueName=queue.rsplit(":", maxsplit=1)[-1])
        self.client("logs").create_log_group(logGroupName=log_group)
        for arn, value in secrets.items():
            name = arn.split(":")[-1].rpartition("-")[0]
            made = self.client("secretsmanager").create_secret(Name=name, SecretString=value)
            self.real_arns[arn] = made["ARN"]

    def empty(self) -> None:
        """Leave nothing behind for the next role to stumble over."""
        s3 = self.client("s3")
        for bucket in BUCKETS:
            for upload in s3.list_multipart_uploads(Bucket=bucket).get("Uploads", []):
                s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
            for each in s3.list_object_versions(Bucket=bucket).get("Versions", []):
                s3.delete_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])

    def document(self, policy: str) -> Document:
        """A recorded policy, about this cloud's own secrets."""
        for recorded, real in self.real_arns.items():
            policy = policy.replace(recorded, real)
        document: Document = json.loads(policy)
        return document

    def role(self, documents: Sequence[Document]) -> dict[str, str]:
        """Credentials of a new role that may do what the documents say."""
        self._roles += 1
        name, iam = f"role-{self._roles}", self.client("iam")
        trust = {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        }
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy([trust]))["Role"]["Arn"]
        for number, document in enumerate(documents):
            iam.put_role_policy(
                RoleName=name, PolicyName=f"policy-{number}", PolicyDocument=_policy(document["Statement"])
            )
        keys = self.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        return {
            "aws_access_key_id": keys["AccessKeyId"],
            "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys["SessionToken"],
        }

    def environment(self, credentials: Mapping[str, str]) -> dict[str, str]:
        """What a function finds in Lambda: its role's keys, its region; and where the cloud is."""
        keys = {name.upper(): value for name, value in credentials.items()}
        return {**self._emulator.environment, "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, **keys}


@contextmanager
def cloud() -> Iterator[Cloud]:
    with Processes() as processes:
        running = Cloud(processes)
        try:
            yield running
        finally:
            running.postgres.close()


def _policy(statements: Sequence[Document]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allows(document: Document, action: str, arn: str) -> bool:
    """Whether one of the statements, which all allow, covers the action on the resource."""
    return any(
        fnmatch.fnmatchcase(action, allowed) and fnmatch.fnmatchcase(arn, resource)
        for statement in document["Statement"]
        for allowed in statement["Action"]
        for resource in statement["Resource"]
    )


def as_strict_as_s3(client: Any, document: Document) -> None:
    """Two rules of S3 that the emulator does not know.

    "HeadObject" and "GetObject", S3 API reference: for an object that does not exist the answer is 404 with
    s3:ListBucket and 403 without it. "CopyObject": tags are copied along, which takes leave to read them
    there and to write them here.
    """

    def missing_is_forbidden(http_response: Any, parsed: dict[str, Any], context: Any, **_: Any) -> None:
        bucket = context["bucket"]
        if http_response.status_code == 404 and not allows(
            document, "s3:ListBucket", f"arn:aws:s3:::{bucket}"
        ):
            http_response.status_code = 403
            parsed["Error"] = {"Code": "403", "Message": "Forbidden"}

    def remember_bucket(params: dict[str, Any], context: Any, **_: Any) -> None:
        context["bucket"] = params.get("Bucket")

    def tags_need_leave(params: dict[str, Any], context: Any, model: Any, **_: Any) -> Any:
        copies = model.name == "CopyObject" or "x-amz-tagging" in {name.lower() for name in params["headers"]}
        needed = [("s3:PutObjectTagging", f"arn:aws:s3:::{context['bucket']}/backup/x")]
        if model.name == "CopyObject":
            needed.append(("s3:GetObjectVersionTagging", f"arn:aws:s3:::{BUCKETS[0]}/x"))
        if copies and not all(allows(document, *each) for each in needed):
            return _Answer(403), {
                "Error": {"Code": "AccessDenied", "Message": "tags"},
                "ResponseMetadata": {},
            }
        return None

    client.meta.events.register("before-parameter-build.s3", remember_bucket)
    client.meta.events.register("before-call.s3", tags_need_leave)
    client.meta.events.register("after-call.s3", missing_is_forbidden)


@dataclass
class _Answer:
    status_code: int


def environment(program: Program, name: str) -> dict[str, str]:
    variables: dict[str, str] = program.one("Function", name)["environment"]["variables"]
    return variables


def policy_of(world: Cloud, program: Program, name: str) -> Document:
    return world.document(program.one("RolePolicy", f"{name}-permissions")["policy"])
