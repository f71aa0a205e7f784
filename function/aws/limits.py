"""Limits of time and memory: a scan ends with a verdict before one of them ends the function."""

import resource
import traceback
from pathlib import Path

from function.domain.errors import ErrorCode, FileError
from function.domain.model import CsvObject

MEMORY_SHARE = 0.95  # of what there is; beyond it, the next chunk may be the last


def resident_memory() -> int:
    """Bytes of memory that the process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def out_of_time(obj: CsvObject, offset: int) -> FileError:
    """The verdict on an object of which so many bytes were read when the time was up."""
    return FileError(
        ErrorCode.TIMEOUT,
        f"stopped at byte {offset:,} of {obj.size:,}, before the function's time was up;"
        " raise its time-out, or split the file",
    )


def out_of_memory(obj: CsvObject) -> FileError:
    """The verdict on an object that takes more memory than there is."""
    return FileError(
        ErrorCode.TOO_LARGE,
        f"{obj.size:,} bytes do not fit into the function's memory with all that has to be kept of them;"
        " raise its memory, or split the file",
    )


def fault(error: BaseException) -> str:
    """Which fault of the reader it is and where, without its own words, as these may be words of the file."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
