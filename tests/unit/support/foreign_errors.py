"""Every error that a library can raise, an example of each, and what raises it."""

import contextlib
import importlib
import pkgutil
import socket
import ssl
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import botocore.exceptions
import botocore.parsers
import s3transfer
import urllib3
from botocore.exceptions import ClientError

from function.domain.errors import PipelineError

# Never seen past the library's own wall, or raised by what the function does not use.
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
    assert len(found) > 5
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
    for library in (botocore, urllib3):
        load(library)
    libraries = errors_of("botocore", "urllib3")
    standard = [error for error in subclasses(Exception) if error.__module__ in ("http.client", "ssl")]
    builtin = (ConnectionResetError, TimeoutError, OSError, socket.gaierror)
    return [example(error) for error in (*libraries, *standard, *builtin)]


def of_transfers() -> list[Exception]:
    load(s3transfer)
    return [CancelledError(), *(example(error) for error in errors_of("s3transfer"))]


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
