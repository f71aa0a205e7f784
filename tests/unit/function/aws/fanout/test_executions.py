import asyncio
from dataclasses import dataclass
from typing import Any, cast

import botocore.session
import pytest
from botocore.exceptions import ClientError

from function.aws.fanout.executions import Executions
from function.domain.errors import PipelineError, SettingsError, TransientError

ARN = "arn:aws:states:eu-central-1:123456789012:stateMachine:csv-pipeline-dev-fanout"
_MODEL = botocore.session.get_session().get_service_model("stepfunctions")
STATUSES: list[str] = cast("Any", _MODEL.shape_for("ExecutionStatus")).enum


@dataclass
class Client:
    """Step Functions, as far as it tells of executions."""

    status: str = ""
    code: str = ""
    asked: str = ""

    def describe_execution(self, *, executionArn: str) -> dict[str, str]:  # noqa: N803 as AWS has it
        self.asked = executionArn
        if self.code:
            raise ClientError({"Error": {"Code": self.code, "Message": "no"}}, "DescribeExecution")
        return {"status": self.status}


def progress(client: Client) -> str:
    return asyncio.run(Executions(cast("Any", client), ARN, cast("Any", None)).progress("17-1-0a1b2c3d"))


@pytest.mark.parametrize("status", STATUSES)
def test_an_execution_has_ended_in_every_status_that_is_its_last(status: str) -> None:
    client = Client(status)
    lasting = status in {"RUNNING", "PENDING_REDRIVE"}
    assert progress(client) == ("running" if lasting else "ended")
    assert client.asked == f"{ARN.replace('stateMachine', 'execution')}:17-1-0a1b2c3d"


def test_an_execution_that_is_not_there_was_never_started() -> None:
    assert progress(Client(code="ExecutionDoesNotExist")) == "missing"


@pytest.mark.parametrize(
    ("code", "error"), [("ThrottlingException", TransientError), ("AccessDeniedException", SettingsError)]
)
def test_an_execution_that_cannot_be_looked_up_is_not_said_to_have_ended(
    code: str, error: type[PipelineError]
) -> None:
    with pytest.raises(error, match="look-up of execution 17-1-0a1b2c3d"):
        progress(Client(code=code))
