"""A deployed stack, as an operator reaches it: by the outputs of `pulumi stack`, through the function."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from ops.deployed.pace import BusyError

AwsError = (BotoCoreError, ClientError)
_FUNCTION_SECONDS = 900  # Lambda's longest; an invocation is waited for
_CONNECTIONS = 50  # to Lambda's API at once
_NO_CONNECTION = "TooManyConnectionsError"  # asyncpg's, in the function's message


class DeploymentError(Exception):
    """The stack cannot be reached, or the function failed; the message says which.

    Attributes:
        status: the exit status that a command ends with.
    """

    status = 3


class RefusedError(DeploymentError):
    """What was asked for cannot be: no such key, no such version, a wrong value."""

    status = 2


@dataclass(frozen=True, slots=True)
class Names:
    """The stack outputs that the commands need."""

    input_bucket: str
    output_bucket: str
    backup_bucket: str
    function_name: str
    operator_function_name: str
    topic_arn: str
    database_secret_arn: str
    dead_letter_queue_url: str
    repository_url: str
    log_group: str

    @classmethod
    def of_stack(cls, stack: str | None) -> Self:
        """Ask Pulumi for the outputs of a stack, by default the selected one.

        Raises:
            DeploymentError: Pulumi is not there, knows no such stack, or the stack lacks an output.
        """
        command = ["pulumi", "stack", "output", "--json", *(["--stack", stack] if stack else [])]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=True)
        except FileNotFoundError:
            raise DeploymentError("there is no `pulumi` on the PATH to ask for the stack's outputs") from None
        except subprocess.CalledProcessError as error:
            raise DeploymentError(f"{' '.join(command)}: {error.stderr.strip()}") from None
        outputs = json.loads(done.stdout)
        names = [field.name for field in fields(cls)]
        if missing := [name for name in names if name not in outputs]:
            raise DeploymentError(f"the stack has no output {', '.join(missing)}: is it deployed?")
        return cls(**{name: outputs[name] for name in names})


@dataclass(frozen=True, slots=True)
class KeyFilter:
    """How a key must begin and end for the bucket to notify the function; empty for anyhow."""

    prefix: str
    suffix: str


class Deployment:
    """Speaks to the function, its queue and its buckets with the operator's own credentials."""

    def __init__(self, names: Names) -> None:
        self.names = names
        region = names.topic_arn.split(":")[3]  # the stack's, whatever the operator's default is
        self.session = boto3.session.Session(region_name=region)
        self._lambda = self.session.client(
            "lambda",
            config=Config(
                read_timeout=_FUNCTION_SECONDS,
                max_pool_connections=_CONNECTIONS,
                tcp_keepalive=True,  # nothing is sent for minutes, and a NAT forgets
                retries={"total_max_attempts": 1},
            ),
        )

    def ask(self, operation: str, **words: Any) -> dict[str, Any]:
        """Have the operators' function do an operation on the input bucket, and wait for its answer.

        Raises:
            RefusedError: what was asked for cannot be; the answer's message.
            DeploymentError: the function raised; its message.
        """
        event = {"operation": operation, "bucket": self.names.input_bucket, **words}
        answer = self._invoke(self.names.operator_function_name, event)
        if "error" in answer:
            raise RefusedError(answer["error"])
        return dict(answer)

    def process(self, event: dict[str, Any]) -> Any:
        """Have the worker process an event, and wait until it is done.

        Raises:
            BusyError: there was no room for it.
            DeploymentError: the function raised; its message.
        """
        try:
            return self._invoke(self.names.function_name, event)
        except self._lambda.exceptions.TooManyRequestsException as error:
            raise BusyError(str(error)) from error
        except DeploymentError as error:
            if _NO_CONNECTION in str(error):
                raise BusyError(str(error)) from error
            raise

    def _invoke(self, function: str, event: dict[str, Any]) -> Any:
        answer = self._lambda.invoke(FunctionName=function, Payload=json.dumps(event))
        payload = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            raise DeploymentError(f"{payload.get('errorType')}: {payload.get('errorMessage')}")
        return payload

    def reconcile(self, **words: Any) -> dict[str, Any]:
        """Reconcile to the end, in as many invocations as it takes; the findings of all together."""
        total: dict[str, Any] = {"samples": {}}
        position, suffixes = None, self.suffixes()
        while True:
            found = self.ask("reconcile", suffixes=suffixes, position=position, **words)
            stopped, position = position, found.pop("position")
            for what, names in found.pop("samples").items():
                total["samples"].setdefault(what, []).extend(names)
            for what, count in found.items():
                total[what] = total.get(what, 0) + count
            if position is None:
                return total
            if position == stopped:
                raise DeploymentError(
                    f"reconcile does not get past {position}: raise the function's time-out"
                )

    def result(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The result.json that a row names."""
        s3 = self.session.client("s3")
        answer = s3.get_object(Bucket=self.names.output_bucket, Key=row["result_key"])
        return dict(json.loads(answer["Body"].read()))

    def suffixes(self) -> list[str]:
        """What the input bucket's notification asks of a key's end; empty if it asks nothing."""
        return [each.suffix for each in self.key_filters() if each.suffix]

    def key_filters(self) -> list[KeyFilter]:
        """Each of the input bucket's notifications to the function; a key has to pass one of them."""
        s3 = self.session.client("s3")
        answer = s3.get_bucket_notification_configuration(Bucket=self.names.input_bucket)
        found = []
        for each in answer.get("LambdaFunctionConfigurations", []):
            rules = each.get("Filter", {}).get("Key", {}).get("FilterRules", [])
            values = {rule["Name"].lower(): rule["Value"] for rule in rules}
            found.append(KeyFilter(values.get("prefix", ""), values.get("suffix", "")))
        return found
