"""What the function relies on from AWS, asked of the emulator with the SDK the function uses."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.aws import resources
from local.aws.emulator import Emulator
from local.aws.resources import Resources
from local.processes.group import Processes


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Processes() as processes:
        emulated = Emulator(processes)
        emulated.start()
        yield emulated


@pytest.fixture(scope="module")
def created(emulator: Emulator) -> Resources:
    return resources.create(emulator)


def events(created: Resources) -> list[dict[str, Any]]:
    """The records of S3's events since last asked."""
    found = []
    for message in created.events.drain():
        found += message.body.get("Records", [])
        created.events.delete(message)
    return found


def test_a_conditional_put_is_refused_once_the_key_exists(emulator: Emulator, created: Resources) -> None:
    s3, bucket = emulator.client("s3"), created.names.output_bucket
    s3.put_object(Bucket=bucket, Key="once", Body=b"1", IfNoneMatch="*")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket=bucket, Key="once", Body=b"2", IfNoneMatch="*")


def test_an_upload_sends_one_event_with_its_version_whatever_its_key(
    emulator: Emulator, created: Resources
) -> None:
    s3, bucket = emulator.client("s3"), created.names.input_bucket
    events(created)
    version = s3.put_object(Bucket=bucket, Key="space plus+é%//b.csv", Body=b"x")["VersionId"]
    [record] = events(created)
    assert record["eventName"] == "ObjectCreated:Put"
    assert record["s3"]["object"]["key"] == "space+plus%2B%C3%A9%25//b.csv"
    assert record["s3"]["object"]["versionId"] == version
    assert int(record["s3"]["object"]["sequencer"], 16)


def test_a_multipart_upload_sends_one_event(emulator: Emulator, created: Resources) -> None:
    s3, bucket = emulator.client("s3"), created.names.input_bucket
    events(created)
    upload = s3.create_multipart_upload(Bucket=bucket, Key="parts.csv")["UploadId"]
    part = s3.upload_part(Bucket=bucket, Key="parts.csv", UploadId=upload, PartNumber=1, Body=b"x")
    s3.complete_multipart_upload(
        Bucket=bucket,
        Key="parts.csv",
        UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
    )
    assert [record["eventName"] for record in events(created)] == ["ObjectCreated:CompleteMultipartUpload"]


def test_copies_whole_or_in_parts_are_pinned_to_a_version(emulator: Emulator, created: Resources) -> None:
    s3, names = emulator.client("s3"), created.names
    first = s3.put_object(Bucket=names.input_bucket, Key="v.csv", Body=b"first bytes")["VersionId"]
    s3.put_object(Bucket=names.input_bucket, Key="v.csv", Body=b"second")
    source: Any = {"Bucket": names.input_bucket, "Key": "v.csv", "VersionId": first}
    target = names.backup_bucket
    s3.copy_object(Bucket=target, Key="whole", CopySource=source)
    upload = s3.create_multipart_upload(Bucket=target, Key="parts")["UploadId"]
    parts: list[Any] = []
    for number, span in enumerate(("bytes=0-4", "bytes=5-10"), 1):
        part = s3.upload_part_copy(
            Bucket=target,
            Key="parts",
            UploadId=upload,
            PartNumber=number,
            CopySource=source,
            CopySourceRange=span,
        )
        parts.append({"PartNumber": number, "ETag": part["CopyPartResult"]["ETag"]})
    s3.complete_multipart_upload(
        Bucket=target, Key="parts", UploadId=upload, MultipartUpload={"Parts": parts}
    )
    for key in ("whole", "parts"):
        assert s3.get_object(Bucket=target, Key=key)["Body"].read() == b"first bytes"


def test_a_copy_of_anything_but_the_expected_content_is_refused(
    emulator: Emulator, created: Resources
) -> None:
    s3, names = emulator.client("s3"), created.names
    s3.put_object(Bucket=names.input_bucket, Key="m.csv", Body=b"x")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.copy_object(
            Bucket=names.backup_bucket,
            Key="m.csv",
            CopySource={"Bucket": names.input_bucket, "Key": "m.csv"},
            CopySourceIfMatch='"another"',
        )


def test_what_is_published_reaches_the_mailbox_with_its_attributes(
    emulator: Emulator, created: Resources
) -> None:
    emulator.client("sns").publish(
        TopicArn=created.names.topic_arn,
        Subject="Subject",
        Message="Message",
        MessageAttributes={"status": {"DataType": "String", "StringValue": "succeeded"}},
    )
    [message] = created.inbox.drain()
    assert message.body["Subject"] == "Subject"
    assert message.body["Message"] == "Message"
    assert message.body["MessageAttributes"]["status"]["Value"] == "succeeded"


def test_a_secret_is_read_by_its_arn_in_its_latest_version(emulator: Emulator, created: Resources) -> None:
    vault, arn = emulator.client("secretsmanager"), created.names.database_secret_arn
    for password in ("old", "new"):
        vault.put_secret_value(SecretId=arn, SecretString=json.dumps({"password": password}))
    assert json.loads(vault.get_secret_value(SecretId=arn)["SecretString"]) == {"password": "new"}


def test_what_the_caller_has_set_for_real_accounts_has_no_say(
    emulator: Emulator, created: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = "http://127.0.0.1:1"
    for name, value in {
        "AWS_PROFILE": "production",
        "AWS_CONFIG_FILE": "/no/such/file",
        "AWS_ENDPOINT_URL": nowhere,
        "AWS_ENDPOINT_URL_S3": nowhere,
        "AWS_SESSION_TOKEN": "real",
        "HTTP_PROXY": nowhere,
        "http_proxy": nowhere,
        "no_proxy": "",
    }.items():
        monkeypatch.setenv(name, value)
    client = Emulator(Processes())
    client.endpoint = emulator.endpoint
    buckets = [bucket["Name"] for bucket in client.client("s3").list_buckets()["Buckets"]]
    assert created.names.input_bucket in buckets
