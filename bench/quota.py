"""A limit on the CPU that a process gets, as Lambda limits it: in proportion to the function's memory."""

import contextlib
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

MB_OF_A_CORE = 1769  # "Configure Lambda function memory", AWS Lambda Developer Guide
_PERIOD_MICROSECONDS = 20_000
_V2_WEIGHT, _V1_WEIGHT = "10000", "262144"  # the most: nothing but the quota is to hold the process back
_V2, _V1 = Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/cpu")


class QuotaError(OSError):
    """This machine does not let us limit a process's CPU."""


def cores(memory_mb: int) -> float:
    """What a function of that memory may use."""
    return memory_mb / MB_OF_A_CORE


@contextmanager
def quota(memory_mb: int) -> Iterator[Sequence[str]]:
    """A control group of our own; what to put before a command, so that it runs in it.

    Raises:
        QuotaError: control groups are not ours to write: run as root.
    """
    microseconds = round(cores(memory_mb) * _PERIOD_MICROSECONDS)
    unified = (_V2 / "cgroup.controllers").is_file()
    group = (_V2 if unified else _V1) / f"csv-pipeline-bench-{os.getpid()}"
    try:
        group.mkdir()
        if unified:
            (group / "cpu.max").write_text(f"{microseconds} {_PERIOD_MICROSECONDS}")
            (group / "cpu.weight").write_text(_V2_WEIGHT)
        else:
            (group / "cpu.cfs_period_us").write_text(str(_PERIOD_MICROSECONDS))
            (group / "cpu.cfs_quota_us").write_text(str(microseconds))
            (group / "cpu.shares").write_text(_V1_WEIGHT)
    except OSError as error:
        with contextlib.suppress(OSError):
            group.rmdir()
        raise QuotaError(f"no CPU quota can be set on this machine: {error}") from error
    try:
        yield ["/bin/sh", "-c", f'echo $$ > {group}/cgroup.procs && exec "$0" "$@"']
    finally:
        _remove(group)


def _remove(group: Path) -> None:
    """Once its last process is gone, which takes a moment after it was waited for."""
    for _ in range(100):
        try:
            return group.rmdir()
        except OSError:
            time.sleep(0.05)
    raise QuotaError(f"{group} still has processes")
