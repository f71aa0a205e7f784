"""No error of a library gets past the edge under its own name."""

import errno
import lzma
import subprocess
import sys
import traceback
from collections.abc import Callable
from typing import cast

import botocore.exceptions
import botocore.parsers
import polars.exceptions
import pytest
import urllib3
from botocore.exceptions import ClientError

from function.aws import clients, source
from function.domain.errors import DefectError, ErrorCode, PipelineError, SettingsError, TransientError
from function.scan.profile import columns
from function.scan.profile.summary import ColumnSummary
from function.scan.records.batch import Batch
from function.scan.records.ledger import Ledger
from tests.unit.support.edges import (
    connect,
    copy_in_parts,
    deliver,
    fetch,
    list_bucket,
    look_up,
    make_client_of_parts,
    make_clients,
    pin,
    read,
    read_body,
    read_range,
    read_secret,
    read_tags,
    scan,
    start,
    store,
)
from tests.unit.support.foreign_errors import (
    Raising,
    errors_of,
    of_asyncpg,
    of_aws,
    of_transfers,
    unmapped,
)


@pytest.mark.parametrize(
    "edge",
    [
        *(make_clients, read_secret, pin, read, read_body, read_tags, deliver, list_bucket),
        *(store, fetch, start, look_up, read_range, make_client_of_parts),
    ],
)
def test_no_error_of_the_aws_libraries_gets_past(edge: Callable[[Exception], None]) -> None:
    assert not unmapped(of_aws(), edge)


def test_no_error_of_a_copy_in_parts_gets_past() -> None:
    assert not unmapped([*of_transfers(), *of_aws()], copy_in_parts)


def test_no_error_of_asyncpg_gets_past() -> None:
    assert not unmapped(of_asyncpg(), connect)


def test_a_reader_that_gives_up_is_our_fault_and_not_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    panic = cast("type[Exception]", polars.exceptions.PanicException)
    batch = Batch(b"1\n", 1, ",", '"', Ledger(records=1))
    for error in (panic, *errors_of("polars")):
        monkeypatch.setattr(polars, "read_csv", Raising(error("words")))
        with pytest.raises(DefectError, match=f"^{type(error('words')).__name__} of polars$"):
            columns.summarise(batch, [ColumnSummary()])  # its words may be words of the file


def test_a_fault_of_the_reader_names_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "scan", Raising(DefectError("words")))
    with pytest.raises(DefectError, match="reports/data.csv: words"):
        scan()


@pytest.mark.parametrize(
    "error",
    [
        UnicodeDecodeError("utf-8", b"canary", 0, 1, "invalid start byte"),
        ValueError("canary"),
        polars.exceptions.ComputeError("canary"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_reader_that_gives_up_repeats_no_word_of_the_file(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(source, "scan", Raising(error))
    with pytest.raises(DefectError, match=rf"{type(error).__name__} in \w+\.py, line \d+$") as caught:
        scan()
    assert "canary" not in "".join(traceback.format_exception(caught.value))


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
