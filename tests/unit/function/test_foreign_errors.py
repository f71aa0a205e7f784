"""No error of a library gets past the edge under its own name."""

import asyncio
import contextlib
import errno
import importlib
import io
import lzma
import pkgutil
import socket
import ssl
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import boto3
import botocore.exceptions
import botocore.parsers
import certifi
import polars.exceptions
import pytest
import s3transfer
import urllib3
from asyncpg import exceptions
from botocore.exceptions import ClientError

from function import wiring
from function.aws import clients, source
from function.aws.delivery import Delivery
from function.aws.inventory import Inventory
from function.aws.source import S3Source
from function.domain.content import Scan
from function.domain.errors import DefectError, ErrorCode, PipelineError, SettingsError, TransientError
from function.domain.model import Deadline, Effects
from function.domain.report import document
from function.postgres import database
from function.postgres.credentials import Credentials
from function.postgres.database import Database
from function.settings import Settings
from tests.unit.function.examples import CLAIM, OBJECT, SCAN, TIMING, TO

NEVER = Deadline(float("inf"))
# Never seen past the library's own wall, or raised by what the function does not use.
SECRET = Credentials("db.example", 5432, "db", "user", "hush").to_secret()
ELSEWHERE = (
    "asyncpg._testbase",
    "asyncpg.cluster",  # starts servers
    "asyncpg.connect_utils",  # signals within connect()
    "botocore.eventstream",  # answers that are streams of events: not S3's, SNS's or Secrets Manager's
    "botocore.exceptions.MissingServiceIdError",  # a broken copy of the service models
    "botocore.exceptions.UndefinedModelAttributeError",
    "botocore.model",
    "botocore.utils",  # how credentials and ARNs are tried one way, then another
    "botocore.vendored",
    "polars.exceptions.ArgumentRemovedError",  # calls that polars no longer knows, or not by itself
    "polars.exceptions.AttributeRemovedError",
    "polars.exceptions.ModuleUpgradeRequiredError",
    "polars.io",  # the bytes come from botocore
    "s3transfer.QueueShutdownError",  # signals within a transfer
    "s3transfer.bandwidth",
    "s3transfer.utils",
    "urllib3.exceptions.ProxySchemeUnsupported",
    "urllib3.util.ssl_match_hostname",  # becomes urllib3's SSLError
)


def load(library: Any) -> None:
    """Import every module of a library that can be imported here, so that all its errors exist."""
    for module in pkgutil.walk_packages(library.__path__, f"{library.__name__}.", onerror=lambda _: None):
        with (
            contextlib.suppress(ImportError),
            warnings.catch_warnings(action="ignore"),
        ):  # of optional libraries
            importlib.import_module(module.name)


def errors_of(*libraries: str) -> list[type[Exception]]:
    """Every exception class that the loaded modules of the libraries define, warnings aside."""
    found = {
        error
        for error in subclasses(Exception)
        if error.__module__.partition(".")[0] in libraries
        and not issubclass(error, Warning)
        and not f"{error.__module__}.{error.__name__}".startswith(ELSEWHERE)
    }
    assert len(found) > 10
    return sorted(found, key=str)


def subclasses(error: type[Exception]) -> Iterator[type[Exception]]:
    for each in error.__subclasses__():
        yield each
        yield from subclasses(each)


def example(error: type[Exception]) -> Exception:
    if issubclass(error, ClientError):
        return error({"Error": {"Code": "SlowDown"}}, "GetObject")
    if issubclass(error, urllib3.exceptions.InvalidChunkLength):
        return error(cast("Any", SimpleNamespace(tell=int, length_remaining=0)), b"0")
    for arguments in (("words",), (1, 2)):
        with contextlib.suppress(TypeError, KeyError):
            return error(*arguments)
    return error.__new__(error)


def of_aws() -> list[Exception]:
    for library in (botocore, boto3, s3transfer, urllib3):
        load(library)
    libraries = errors_of("botocore", "boto3", "s3transfer", "urllib3")
    standard = [error for error in subclasses(Exception) if error.__module__ in ("http.client", "ssl")]
    builtin = (ConnectionResetError, TimeoutError, OSError, socket.gaierror)
    return [example(error) for error in (*libraries, *standard, *builtin)]


def of_asyncpg() -> list[Exception]:
    load(asyncpg)
    found = [error for error in errors_of("asyncpg") if error is not asyncpg.UniqueViolationError]
    return [
        example(error)
        for error in (*found, ssl.SSLError, socket.gaierror, ConnectionResetError, TimeoutError)
    ]


class Raising:
    """A client every method of which raises the same."""

    def __init__(self, error: BaseException):
        self.error = error

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return self

    def __call__(self, *_: object, **__: object) -> Any:
        raise self.error


def by_name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__name__}"


def unmapped(errors: Sequence[Exception], attempt: Callable[[Exception], Any]) -> list[str]:
    """The errors that get through, by name."""
    through = []
    for error in errors:
        try:
            attempt(error)
        except PipelineError:
            continue
        except BaseException as raised:
            through.append(f"{by_name(error)} came out as {by_name(raised)}")
        else:
            through.append(f"{by_name(error)} was swallowed")
    return through


def pin(error: Exception) -> None:
    asyncio.run(S3Source(cast("Any", Raising(error))).pin(replace(OBJECT, version_id="")))


def read(error: Exception) -> None:
    scan(Raising(error))


def read_body(error: Exception) -> None:
    body = SimpleNamespace(read=Raising(error), close=lambda: None)
    scan(SimpleNamespace(get_object=lambda **_: {"Body": body, "ContentLength": 9}))


def read_tags(error: Exception) -> None:
    answer = {"Body": io.BytesIO(b"a"), "ContentLength": 1, "TagCount": 1}
    scan(SimpleNamespace(get_object=lambda **_: answer, get_object_tagging=Raising(error)))


def list_bucket(error: Exception) -> None:
    asyncio.run(Inventory(cast("Any", Raising(error))).keys("bucket", "", "", 1))


EMPTY = SimpleNamespace(get_object=lambda **_: {"Body": io.BytesIO(), "ContentLength": 0})


def scan(s3: object = EMPTY) -> Scan:
    async def run() -> Scan:
        return await S3Source(cast("Any", s3)).open(OBJECT).scan(NEVER)

    return asyncio.run(run())


def deliver(error: Exception) -> None:
    broken: Any = Raising(error)
    result = document(OBJECT, SCAN, CLAIM.stamped_name, TO, TIMING)
    receipt = asyncio.run(Delivery(broken, broken, "arn:topic").deliver(CLAIM, OBJECT, result))
    assert receipt.effects == Effects()
    assert len(receipt.faults) == 3
    for fault in receipt.faults:
        raise fault


def read_secret(error: Exception) -> None:
    ca = certifi.where()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            boto3.session, "Session", lambda: SimpleNamespace(client=lambda *_, **__: Raising(error))
        )
        ledger = wiring.build(Settings("out", "back", "arn:topic", "arn:secret", ca)).pipeline.claims
    asyncio.run(ledger.claim(OBJECT, "one", OBJECT.uploaded_at, 0))


def make_clients(error: Exception) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boto3.session, "Session", Raising(error))
        wiring.build(Settings("out", "back", "arn:topic", "arn:secret", certifi.where()))


def connect(error: Exception) -> None:
    async def attempt() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(database, "connect", Raising(error))
            await Database(lambda: SECRET, certifi.where()).row("SELECT 1")

    asyncio.run(attempt())


@pytest.mark.parametrize(
    "edge", [make_clients, read_secret, pin, read, read_body, read_tags, deliver, list_bucket]
)
def test_no_error_of_the_aws_libraries_gets_past(edge: Callable[[Exception], None]) -> None:
    assert not unmapped(of_aws(), edge)


def test_no_error_of_asyncpg_gets_past() -> None:
    assert not unmapped(of_asyncpg(), connect)


def test_a_reader_that_gives_up_is_our_fault_and_not_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    panic = cast("type[Exception]", polars.exceptions.PanicException)
    for error in (panic, *errors_of("polars")):
        monkeypatch.setattr(source, "scan", Raising(error("words")))
        with pytest.raises(DefectError, match="reports/data.csv"):
            scan()


def test_memory_that_runs_out_is_a_verdict_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "scan", Raising(MemoryError()))
    error = scan().error
    assert error
    assert error.code is ErrorCode.TOO_LARGE
    assert "raise its memory" in error.message


def test_memory_that_runs_out_while_unpacking_says_nothing_of_the_archive() -> None:
    """The real decoder, which wants 64 MB for this, in a process that may have 20 more."""
    starved = """
import resource, sys
from function.scan import scan
packed = sys.stdin.buffer.read()
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + 20 * 2**20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    print(scan([packed]).error)
except MemoryError:
    print("MemoryError")
"""
    packed = lzma.compress(b"a\n1\n", preset=9)
    done = subprocess.run([sys.executable, "-c", starved], input=packed, capture_output=True, check=True)
    assert done.stdout == b"MemoryError\n"


def test_a_full_disk_is_raised_with_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "scan", Raising(OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(SettingsError, match="own disk.*No space left"):
        scan()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("SlowDown", TransientError),
        ("InternalError", TransientError),
        ("ThrottlingException", TransientError),
        ("RequestTimeout", TransientError),
        ("ExpiredToken", TransientError),
        ("AccessDenied", SettingsError),
        ("NoSuchBucket", SettingsError),
        ("ResourceNotFoundException", SettingsError),
        ("InvalidParameter", DefectError),
    ],
)
def test_what_a_service_answers_tells_whether_to_wait_to_mend_or_to_report(
    code: str, kind: type[PipelineError]
) -> None:
    error = ClientError({"Error": {"Code": code, "Message": "why"}}, "Publish")
    translated = clients.translated("notification", error)
    assert type(translated) is kind
    assert str(translated).startswith("notification: An error occurred")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (botocore.exceptions.EndpointConnectionError(endpoint_url="https://s3"), TransientError),
        (botocore.exceptions.ConnectTimeoutError(endpoint_url="https://s3"), TransientError),
        (botocore.exceptions.ReadTimeoutError(endpoint_url="https://s3"), TransientError),
        (botocore.exceptions.ConnectionClosedError(endpoint_url="https://s3"), TransientError),
        (botocore.exceptions.SSLError(endpoint_url="https://s3", error=OSError("broken")), TransientError),
        (botocore.exceptions.ResponseStreamingError(error="broken"), TransientError),
        (botocore.parsers.ResponseParserError("cut off"), TransientError),
        (urllib3.exceptions.ProtocolError("cut off"), TransientError),
        (botocore.exceptions.NoCredentialsError(), SettingsError),
        (botocore.exceptions.NoRegionError(), SettingsError),
        (botocore.exceptions.ParamValidationError(report="no such parameter"), DefectError),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_service_that_does_not_answer_tells_it_too(error: Exception, kind: type[PipelineError]) -> None:
    assert type(clients.translated("backup", error)) is kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (exceptions.TooManyConnectionsError, TransientError),
        (exceptions.AdminShutdownError, TransientError),
        (exceptions.CannotConnectNowError, TransientError),
        (exceptions.ReadOnlySQLTransactionError, TransientError),
        (exceptions.QueryCanceledError, TransientError),
        (exceptions.DeadlockDetectedError, TransientError),
        (exceptions.DiskFullError, TransientError),
        (exceptions.ConnectionDoesNotExistError, TransientError),
        (exceptions.InvalidPasswordError, SettingsError),
        (exceptions.InsufficientPrivilegeError, SettingsError),
        (exceptions.UndefinedTableError, SettingsError),
        (exceptions.InvalidCatalogNameError, SettingsError),
        (exceptions.PostgresSyntaxError, DefectError),
        (exceptions.UntranslatableCharacterError, DefectError),
        (exceptions.CheckViolationError, DefectError),
    ],
)
def test_what_the_database_says_tells_the_same(error: type[Exception], kind: type[PipelineError]) -> None:
    translated = database.translated("db.example:5432", error("why"))
    assert type(translated) is kind
    assert "db.example:5432" in str(translated)
