"""Limits of time and memory: a scan ends with a verdict before one of them ends the function."""

import resource
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from function.aws.stream import url
from function.domain.errors import DefectError, ErrorCode, FileError, PipelineError, SettingsError
from function.domain.model import CsvObject

MEMORY_SHARE = 0.95  # of the function's memory; beyond it, the next chunk may exceed it


def resident_memory() -> int:
    """Bytes of memory that the process uses."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def out_of_time(obj: CsvObject, offset: int) -> FileError:
    """The verdict on an object of which `offset` bytes were read before the time-out."""
    return FileError(
        ErrorCode.TIMEOUT,
        f"stopped at byte {offset:,} of {obj.size:,}, just before the function's time-out;"
        " raise its time-out, or split the file",
    )


def out_of_memory(obj: CsvObject) -> FileError:
    """The verdict on an object that needs more memory than the function has."""
    return FileError(
        ErrorCode.TOO_LARGE,
        f"reading {obj.size:,} bytes needs more memory than the function has;"
        " raise its memory, or split the file",
    )


@contextmanager
def reader_faults(obj: CsvObject) -> Iterator[None]:
    """What the body raises while it reads the object, as one of our errors.

    Raises:
        FileError: a verdict on the object; among them that memory has run out.
        SettingsError: the function's disk is full.
        DefectError: the reader gave up, which is no verdict on the file.
    """
    try:
        yield
    except MemoryError:
        raise out_of_memory(obj) from None
    except OSError as error:  # not of S3, which the stream answers for
        raise SettingsError(f"the function's own disk, while reading {url(obj)}: {error}") from error
    except DefectError as error:  # of the reader, which does not know what it reads
        raise DefectError(f"reading {url(obj)}: {error}") from None
    except PipelineError:
        raise
    except Exception as error:  # a defect of the reader that it did not foresee
        raise DefectError(f"reading {url(obj)}: {fault(error)}") from None


def fault(error: BaseException) -> str:
    """Which fault of the reader it is and where, without its own words, as these may be words of the file."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
