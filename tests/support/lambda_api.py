"""Lambda's API over an embedded stack: enough of it for an operator to invoke the functions."""

import json
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from local.stack import Stack
from tests.support.serving import serving


class LambdaApi(ThreadingHTTPServer):
    """Invoke (synchronous or not) and GetFunction; a function called …-operator is the operators'.

    Attributes:
        state: what GetFunction says of the function.
        throttled: how many synchronous invocations are still to be turned away.
    """

    def __init__(self, stack: Stack):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.stack = stack
        self.state = "Active"
        self.throttled = 0


class _Handler(BaseHTTPRequestHandler):
    server: LambdaApi

    def do_GET(self) -> None:
        configuration = {"State": self.server.state, "LastUpdateStatus": "Successful"}
        self._answer(200, {"Configuration": configuration})

    def do_POST(self) -> None:
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers.get("X-Amz-Invocation-Type") == "Event":
            self.server.stack.send(event)
            self._answer(202, None)
        elif self.server.throttled:
            self.server.throttled -= 1
            self._answer(429, {"Type": "User", "message": "Rate Exceeded."}, type_="TooManyRequestsException")
        else:
            stack = self.server.stack
            operator = self.path.split("/")[3].endswith("-operator")  # /2015-03-31/functions/NAME/invocations
            response = stack.operate(event) if operator else stack.invoke(event)
            self._answer(200, response.payload, "Unhandled" if response.failed else None)

    def _answer(self, status: int, document: Any, error: str | None = None, type_: str | None = None) -> None:
        body = b"" if document is None else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if type_:
            self.send_header("x-amzn-ErrorType", type_)
        if error:
            self.send_header("X-Amz-Function-Error", error)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name is http.server's
        """Say nothing."""


def lambda_api(stack: Stack) -> AbstractContextManager[LambdaApi]:
    """A server in a thread of its own."""
    return serving(LambdaApi(stack))
