"""A real S3 server on the loopback interface, for throughput: SeaweedFS from its wheel."""

import functools
import os
import random
import socket
import sysconfig
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from bench import ROOT
from local.processes.group import Processes

_HOST = "127.0.0.1"
BUCKET = "bench"
SMALL = ROOT / "local" / "samples" / "airports.csv"
"""A table that the bucket always has."""
CREDENTIALS: Final = {
    "aws_access_key_id": "bench",
    "aws_secret_access_key": "bench",
    "aws_region": "us-east-1",
}
_START_SECONDS = 30.0
_GRPC_OFFSET = 10_000  # the server puts its internal ports so much above the others


@functools.cache
def client(endpoint: str) -> Any:
    """A boto3 client of the server."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=CREDENTIALS["aws_region"],
        aws_access_key_id=CREDENTIALS["aws_access_key_id"],
        aws_secret_access_key=CREDENTIALS["aws_secret_access_key"],
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
    )


@contextmanager
def s3_server() -> Iterator[str]:
    """Start the server with an empty bucket; its endpoint."""
    with ExitStack() as opened:
        processes = opened.enter_context(Processes())
        master, volume, filer, s3 = (_free_port() for _ in range(4))
        processes.start(
            [
                f"{sysconfig.get_path('scripts')}/weed", "server", f"-dir={processes.directory}", f"-ip={_HOST}",
                f"-ip.bind={_HOST}", f"-master.port={master}", f"-volume.port={volume}", "-volume.max=0",
                "-filer", f"-filer.port={filer}", "-s3", f"-s3.port={s3}", "-s3.port.iceberg=0",
                "-s3.port.lance=0", "-master.telemetry=false", "-master.volumeSizeLimitMB=1024",
            ],
            {"PATH": os.defpath, "HOME": str(processes.directory)},
        )  # fmt: skip
        endpoint = f"http://{_HOST}:{s3}"
        _wait(endpoint, processes.log)
        yield endpoint


def _wait(endpoint: str, log: Path) -> None:
    """Until it stores an object: it listens long before."""
    s3, deadline = client(endpoint), time.monotonic() + _START_SECONDS
    while True:
        try:
            s3.create_bucket(Bucket=BUCKET)
            s3.put_object(Bucket=BUCKET, Key=SMALL.name, Body=SMALL.read_bytes())
        except (BotoCoreError, ClientError) as error:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the S3 server did not start:\n{log.read_text()[-2000:]}") from error
            time.sleep(0.2)
        else:
            return


def _free_port() -> int:
    """One whose companion, so much above, is free as well."""
    for port in random.sample(range(20_000, 50_000), 1000):
        try:
            with socket.create_server((_HOST, port)), socket.create_server((_HOST, port + _GRPC_OFFSET)):
                return port
        except OSError:
            continue
    raise RuntimeError("no free port")
