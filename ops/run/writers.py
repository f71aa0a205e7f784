"""Whether anybody still writes to a file."""

import fcntl
import signal
from pathlib import Path


def mind_no_writers() -> None:
    """Have the process not be ended by a writer that comes while `is_closed` looks; call it once, at first.

    Source: "Leases", fcntl(2): who holds a lease is sent SIGIO, and has to give the lease up, which it does.
    """
    signal.signal(signal.SIGIO, signal.SIG_IGN)


def is_closed(path: Path) -> bool | None:
    """Whether no process has the file open for writing; None where the system does not tell.

    Linux grants the owner of a file a read lease on condition that nobody can write to it ("Leases",
    fcntl(2)). Elsewhere, on a file of another user, and on some file systems there are none.
    """
    set_lease, release = getattr(fcntl, "F_SETLEASE", None), getattr(fcntl, "F_UNLCK", None)
    if set_lease is None or release is None:
        return None
    try:
        with path.open("rb") as file:
            fcntl.fcntl(file, set_lease, fcntl.F_RDLCK)
            fcntl.fcntl(file, set_lease, release)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True
