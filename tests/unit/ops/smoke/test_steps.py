from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from ops.deployed.deployment import Deployment, DeploymentError
from ops.smoke import steps
from ops.smoke.checks import Stored
from ops.smoke.sample import sample
from ops.smoke.steps import Sent, StepError, wait

SAMPLE = sample(datetime(2026, 11, 25, tzinfo=UTC), "0a1b2c3d", [])
SENT = Sent("in", SAMPLE, "v1", Stored(SAMPLE.content, "e1", "AES256"))
ROW = {"version_id": "v1", "status": "succeeded", "attempts": 1, "finished_at": "now"}


def refusal(status: int, code: str) -> ClientError:
    return ClientError(
        {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        "Invoke",
    )


class Function:
    """Answers each question with the next of its answers, and with the last one ever after."""

    def __init__(self, *answers: list[dict[str, Any]] | Exception):
        self.answers = list(answers)
        self.asked = 0

    def ask(self, operation: str, prefix: str) -> dict[str, Any]:
        assert (operation, prefix) == ("history", SAMPLE.key)
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return {"rows": answer}


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "_POLL_SECONDS", 0)


def waited(function: Function, timeout: float = 60) -> tuple[dict[str, Any], list[str]]:
    told: list[str] = []
    deployment = cast("Deployment", SimpleNamespace(ask=function.ask))
    return wait(deployment, SENT, timeout, told.append), told


def test_the_row_of_the_version_is_waited_for_until_it_is_finished() -> None:
    processing = ROW | {"status": "processing", "finished_at": None}
    function = Function(
        [], [ROW | {"version_id": "v0"}], [processing], [processing], [ROW | {"finished_at": None}], [ROW]
    )
    row, told = waited(function)
    assert row == ROW
    assert told == [
        "no row yet: no event of the upload has reached the function",
        "no verdict yet, attempt 1",
        "succeeded, not delivered, attempt 1",
    ]


@pytest.mark.parametrize(
    "hitch",
    [
        refusal(429, "TooManyRequestsException"),
        refusal(409, "ResourceConflictException"),
        refusal(503, "ServiceUnavailable"),
        EndpointConnectionError(endpoint_url="http://x"),
        DeploymentError("TransientError: database at h:1: ConnectionRefused"),
    ],
)
def test_a_hitch_is_told_and_asked_again(hitch: Exception) -> None:
    row, told = waited(Function(hitch, [ROW]))
    assert row == ROW
    assert told == [f"the table cannot be read: {hitch}"]


@pytest.mark.parametrize(
    "refused", [refusal(403, "AccessDeniedException"), refusal(404, "ResourceNotFoundException")]
)
def test_a_call_that_is_refused_for_good_is_not_repeated(refused: ClientError) -> None:
    function = Function(refused)
    with pytest.raises(ClientError):
        waited(function)
    assert function.asked == 1


def test_at_the_time_out_what_is_known_is_told() -> None:
    with pytest.raises(StepError, match=r"none within 0 s: no row yet"):
        waited(Function([]), timeout=0)
    with pytest.raises(StepError, match=r"none within 0 s: no verdict yet, attempt 3"):
        waited(Function([ROW | {"status": "processing", "finished_at": None, "attempts": 3}]), timeout=0)


def test_a_verdict_that_is_not_delivered_at_the_time_out_is_looked_at() -> None:
    undelivered = ROW | {"finished_at": None}
    row, _ = waited(Function([undelivered]), timeout=0)
    assert row == undelivered


class _Bucket:
    """S3 with one version of any key, which it refuses to delete with a message."""

    def __init__(self, message: str):
        self._message = message

    def client(self, _service: str) -> "_Bucket":
        return self

    def get_paginator(self, _operation: str) -> "_Bucket":
        return self

    def paginate(self, Bucket: str, Prefix: str) -> list[dict[str, Any]]:  # noqa: N803 the names of boto3
        return [{"Versions": [{"Key": Prefix, "VersionId": Bucket}]}]

    def delete_object(self, **_: str) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": self._message}}, "DeleteObject")


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("Access Denied because object protected by object lock.", False),
        ("Access Denied", True),
    ],
)
def test_a_backup_under_a_lock_stays_and_fails_no_smoke_test(message: str, kept: bool) -> None:
    deployment = cast(Deployment, SimpleNamespace(session=_Bucket(message)))
    assert bool(steps._remove(deployment, "b", "k")) is kept
