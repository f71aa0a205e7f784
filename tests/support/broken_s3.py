"""An S3 of one object whose connection breaks off: real sockets, just enough protocol."""

import re
import time
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import boto3

from function.aws import clients
from tests.support.serving import serving

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class BrokenS3(ThreadingHTTPServer):
    """Serves `body`, but not more than `portion` bytes of it before it hangs up.

    Attributes:
        pause: seconds between head and body of an answer.
        ranged: whether it honours a range; a server need not.
        ranges: the Range header of every GET, in order.
    """

    def __init__(self, body: bytes, portion: int, pause: float, ranged: bool):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.body = body
        self.portion = portion
        self.pause = pause
        self.ranged = ranged
        self.ranges: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: BrokenS3

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.server.ranges.append(wanted)
        size = len(self.server.body)
        bounds = [int(each) for each in re.findall(r"\d+", wanted)] if wanted and self.server.ranged else []
        start, last = (*bounds, size - 1)[:2] if bounds else (0, size - 1)
        rest = self.server.body[start : last + 1]
        self.send_response(206 if bounds else 200)
        if bounds:
            self.send_header("Content-Range", f"bytes {start}-{last}/{size}")
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        time.sleep(self.server.pause)
        self.wfile.write(rest[: self.server.portion])

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name is http.server's
        """Say nothing."""


def client_of(url: str) -> "S3Client":
    """A client like the function's."""
    return boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=clients.CLIENT,
    )


def broken_s3(
    body: bytes, portion: int, pause: float = 0, ranged: bool = True
) -> AbstractContextManager[BrokenS3]:
    """A server in a thread of its own."""
    return serving(BrokenS3(body, portion, pause, ranged))
