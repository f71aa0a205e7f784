"""CloudWatch Logs' API over the log of an embedded stack: enough of it to filter the lines of a function."""

import json
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.support.log_filter import matches
from tests.support.serving import serving

PAGE = 2  # events; a real page has up to 10,000


class LogsApi(ThreadingHTTPServer):
    """FilterLogEvents, in pages.

    Attributes:
        log: what the functions wrote, one JSON document a line among other lines.
    """

    def __init__(self, log: Path):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.log = log


class _Handler(BaseHTTPRequestHandler):
    server: LogsApi

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        lines = [text for text in self.server.log.read_text().splitlines() if text.startswith("{")]
        found = [
            {"eventId": str(place), "timestamp": asked["startTime"] + place, "message": text}
            for place, text in enumerate(lines)
            if matches(asked["filterPattern"], json.loads(text))
        ]
        first = int(asked.get("nextToken", 0))
        answer = {"events": found[first : first + PAGE]}
        if first + PAGE < len(found):
            answer["nextToken"] = str(first + PAGE)  # type: ignore[assignment]
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name is http.server's
        """Say nothing."""


def logs_api(log: Path) -> AbstractContextManager[LogsApi]:
    """A server in a thread of its own."""
    return serving(LogsApi(log))
