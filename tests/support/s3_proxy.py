"""A proxy before S3, for whoever is told of its address: it refuses requests, or does something first."""

import http.client
from collections.abc import Callable
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.support.refusing_s3 import DENIED
from tests.support.serving import serving


class S3Proxy(ThreadingHTTPServer):
    """Passes everything on but what is refused.

    Attributes:
        refused: method and beginning of the path, /bucket/key, of requests that get AccessDenied.
        first: done once before a request of that method and beginning is passed on.
    """

    def __init__(self, endpoint: str):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = urlsplit(endpoint).netloc
        self.refused: set[tuple[str, str]] = set()
        self.first: dict[tuple[str, str], Callable[[], object]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: S3Proxy
    protocol_version = "HTTP/1.1"

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if any(self._is(*each) for each in self.server.refused):
            self._answer(DENIED.status, [], DENIED.body())
            return
        for each in [each for each in self.server.first if self._is(*each)]:
            self.server.first.pop(each)()
        upstream = http.client.HTTPConnection(self.server.upstream)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "expect"}
        upstream.request(self.command, self.path, body, headers)
        answer = upstream.getresponse()
        self._answer(answer.status, answer.getheaders(), answer.read())
        upstream.close()

    do_GET = do_PUT = do_DELETE = do_POST = _pass  # noqa: N815 names of http.server

    def _is(self, method: str, beginning: str) -> bool:
        return self.command == method and unquote(urlsplit(self.path).path).startswith(beginning)

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in {"content-length", "transfer-encoding"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name is http.server's
        """Say nothing."""


def s3_proxy(endpoint: str) -> AbstractContextManager[S3Proxy]:
    """A server in a thread of its own."""
    return serving(S3Proxy(endpoint))
