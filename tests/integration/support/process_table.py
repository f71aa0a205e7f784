"""What the kernel knows of processes: who lives, and who listens where."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

LISTENING = {"tcp": "0A", "tcp6": "0A", "udp": "07", "udp6": "07"}


def living_in(directory: Path) -> dict[int, str]:
    """Processes, zombies excepted, that work under the directory or carry it in their environment."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            where = str((process / "cwd").readlink())
            environment = (process / "environ").read_text(errors="replace")
            if where.startswith(str(directory)) or f"TMPDIR={directory}" in environment:
                found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")
    return found


def left_behind(directory: Path, seconds: float = 15) -> tuple[dict[int, str], list[str]]:
    """The processes and files that are still there when they have had the time to go."""
    deadline = time.monotonic() + seconds
    while (left := (living_in(directory), sorted(map(str, directory.iterdir())))) != ({}, []):
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    return left


def listening_addresses(pid: int) -> Iterator[str]:
    """Every address, as hexadecimal `address:port`, on which a process waits for others."""
    links = [_link(descriptor) for descriptor in Path(f"/proc/{pid}/fd").iterdir()]
    sockets = {
        link.removeprefix("socket:[").removesuffix("]") for link in links if link.startswith("socket:[")
    }
    for protocol, state in LISTENING.items():
        for line in Path(f"/proc/{pid}/net/{protocol}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == state and fields[9] in sockets:
                yield fields[1]


def _link(descriptor: Path) -> str:
    with contextlib.suppress(OSError):  # closed in the meantime
        return str(descriptor.readlink())
    return ""
