"""The services of AWS that the stack uses, from ministack: one process, loopback only, data in memory."""

import http.client
import os
import socket
import sys
from typing import TYPE_CHECKING, Any, Literal, get_args, overload

import boto3
import botocore.session
from botocore.config import Config

from local.errors import StackError
from local.processes.group import Processes

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient

REGION = "us-east-1"
ACCOUNT = "000000000000"
Service = Literal["events", "lambda", "s3", "secretsmanager", "sns", "sqs", "stepfunctions"]
_HOST = "127.0.0.1"
_START_SECONDS = 30.0
_WAIT_SCALE = 1 / 60  # of a state machine's waits: as the stack's own retry delays are to Lambda's
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "local"}
# No profile and no file: what the caller uses to reach real accounts must have no say here.
_SESSION_VARIABLES = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}
_CONFIG = Config(proxies={}, retries={"total_max_attempts": 1}, max_pool_connections=20)


class Emulator:
    """The emulated services behind one endpoint.

    Attributes:
        endpoint: its URL.
    """

    def __init__(self, processes: Processes):
        self._processes = processes
        self._session = _session()
        self.endpoint = ""

    @property
    def environment(self) -> dict[str, str]:
        """What makes any AWS SDK talk to the emulator, and to nothing else."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            **_CREDENTIALS,
        }

    def start(self) -> None:
        """Start the emulator and return when it answers.

        It inherits a socket that listens already, so that no port is ever guessed, and the first
        request simply waits in the queue until it is up.

        Raises:
            StackError: it did not get there; the log says why.
        """
        with socket.create_server((_HOST, 0), backlog=100) as listener:
            port = listener.getsockname()[1]
            command = [sys.executable, "-m", "hypercorn", "local.aws.ranged:app", "--workers=0"]
            self._processes.start(
                [*command, f"--bind=fd://{listener.fileno()}", "--keep-alive=75", "--log-level=WARNING"],
                self._settings(port),
                pass_fds=[listener.fileno()],
            )
        self.endpoint = f"http://{_HOST}:{port}"
        self._wait(port)

    def _settings(self, port: int) -> dict[str, str]:
        return {
            "PATH": os.defpath,
            "TMPDIR": str(self._processes.directory),
            "GATEWAY_PORT": str(port),
            "SERVICES": ",".join(get_args(Service)),
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "IOT_MTLS_ENABLED": "0",  # it would listen on every interface
            "SFTP_ENABLED": "0",
            "SFN_WAIT_SCALE": f"{_WAIT_SCALE}",
            "LOG_LEVEL": "WARNING",
        }

    def _wait(self, port: int) -> None:
        connection = http.client.HTTPConnection(_HOST, port, timeout=_START_SECONDS)
        try:
            connection.request("GET", "/_ministack/health")
            status = connection.getresponse().status
        except OSError as error:
            log = self._processes.log.read_text()[-2000:]
            raise StackError(f"the emulator did not start: {error}\n{log}") from error
        finally:
            connection.close()
        if status != http.client.OK:
            raise StackError(f"the emulator is not healthy: HTTP {status}")

    @overload
    def client(self, service: Literal["events"]) -> "EventBridgeClient": ...
    @overload
    def client(self, service: Literal["lambda"]) -> "LambdaClient": ...
    @overload
    def client(self, service: Literal["s3"]) -> "S3Client": ...
    @overload
    def client(self, service: Literal["sns"]) -> "SNSClient": ...
    @overload
    def client(self, service: Literal["sqs"]) -> "SQSClient": ...
    @overload
    def client(self, service: Literal["secretsmanager"]) -> "SecretsManagerClient": ...
    @overload
    def client(self, service: Literal["stepfunctions"]) -> "SFNClient": ...
    def client(self, service: Service) -> Any:
        """A new boto3 client of the service."""
        return self._session.client(service, endpoint_url=self.endpoint, config=_CONFIG)


def _session() -> boto3.Session:
    return boto3.Session(
        botocore_session=botocore.session.Session(session_vars=_SESSION_VARIABLES),
        aws_access_key_id=_CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        region_name=REGION,
    )
