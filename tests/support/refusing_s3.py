"""An S3 of one bucket that refuses some of its objects: real sockets, just enough protocol."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from tests.support.serving import serving


@dataclass(frozen=True)
class Refusal:
    """An error as S3 sends it; `more` are further elements of its body."""

    status: int
    code: str
    message: str = "Access Denied"
    more: dict[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        elements = {"Code": self.code, "Message": self.message, **self.more}
        inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in elements.items())
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inner}</Error>'.encode()


DENIED = Refusal(403, "AccessDenied")


@dataclass
class Kept:
    """An object of the bucket.

    Attributes:
        get: why GET refuses it; None if it does not.
        heads: what each HEAD answers in turn, the last one ever after: a status, or how it is encrypted.
    """

    get: Refusal | None = None
    heads: list[int | str] = field(default_factory=lambda: ["AES256"])


class RefusingS3(ThreadingHTTPServer):
    """Answers GET, HEAD and ListObjectVersions of `objects`, by key; each has the version `v1`.

    Attributes:
        listing: why the list is refused; None if it is not.
        requests: method and key of all that was asked, in order.
    """

    def __init__(self, objects: dict[str, Kept], listing: Refusal | None):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects = objects
        self.listing = listing
        self.requests: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: RefusingS3

    def do_GET(self) -> None:
        key = self._key()
        if "versions" in parse_qs(urlsplit(self.path).query, keep_blank_values=True):
            refusal, content = self.server.listing, self._list()
        else:
            refusal, content = self.server.objects[key].get, b"a\n1\n"
        body = refusal.body() if refusal else content
        self._answer(refusal.status if refusal else 200, {"Content-Length": str(len(body))})
        self.wfile.write(body)

    def do_HEAD(self) -> None:
        key = self._key()
        if not key:  # the SDK looks whether a HEAD without an answer went to the wrong region
            self._answer(200, {"x-amz-bucket-region": "us-east-1"})
            return
        heads = self.server.objects[key].heads
        said = heads.pop(0) if len(heads) > 1 else heads[0]
        dates = {"Last-Modified": "Tue, 02 Sep 2025 14:30:00 GMT", "ETag": '"e1"', "x-amz-version-id": "v1"}
        if isinstance(said, int):
            self._answer(said, {})
        else:
            self._answer(200, {"x-amz-server-side-encryption": said, "Content-Length": "4", **dates})

    def _key(self) -> str:
        key = unquote(urlsplit(self.path).path).removeprefix("/bucket").removeprefix("/")
        self.server.requests.append((self.command, key))
        return key

    def _list(self) -> bytes:
        versions = "".join(
            f"<Version><Key>{escape(key)}</Key><VersionId>v1</VersionId><IsLatest>true</IsLatest><Size>4</Size>"
            "<ETag>&quot;e1&quot;</ETag><LastModified>2025-09-02T14:30:00.000Z</LastModified></Version>"
            for key in sorted(self.server.objects)
        )
        return f"<ListVersionsResult><IsTruncated>false</IsTruncated>{versions}</ListVersionsResult>".encode()

    def _answer(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name is http.server's
        """Say nothing."""


def refusing_s3(
    objects: dict[str, Kept], listing: Refusal | None = None
) -> AbstractContextManager[RefusingS3]:
    """A server in a thread of its own."""
    return serving(RefusingS3(objects, listing))
