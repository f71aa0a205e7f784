"""Where the embedded stack can run: PostgreSQL's wheel and the reaper set the terms."""

import os
import platform

from local.errors import StackError

_MACHINES = ("x86_64", "aarch64")
_GLIBC = (2, 34)


def require_supported() -> None:
    """Say at once, and clearly, that this is not the place.

    Raises:
        StackError: not Linux on x86-64 or arm64 with glibc 2.34 or later.
    """
    library, version = platform.libc_ver()
    if (
        platform.system() != "Linux"
        or platform.machine() not in _MACHINES
        or library != "glibc"
        or tuple(map(int, version.split("."))) < _GLIBC
        or not hasattr(os, "pidfd_open")
    ):
        raise StackError(
            "the embedded stack runs on Linux, x86-64 or arm64, with glibc 2.34 or later"
            f" (Debian 12, Ubuntu 22.04, ...); this is {platform.platform()}"
        )
