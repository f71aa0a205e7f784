"""How to run PostgreSQL, which refuses root, when root is who we are."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from local.errors import StackError

_NOBODY = 65534
# In a user namespace of its own the server sees another user, while its files stay root's.
_UNSHARE = ["unshare", "--user", "--ipc", "--map-user=1000", "--map-group=1000"]
# In a chroot, and in most containers, no namespace is to be had; there it runs as nobody.
_SETPRIV = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]


@dataclass(frozen=True, slots=True)
class Installation:
    """PostgreSQL's programs, and the words to put before them."""

    root: Path
    prefix: list[str]

    def command(self, tool: str, *arguments: str | os.PathLike[str]) -> list[str | os.PathLike[str]]:
        """The command line that runs one of its programs."""
        return [*self.prefix, self.root / "bin" / tool, *arguments]


def installation(root: Path, home: Path) -> Installation:
    """Find a way to run the programs under `root`, with `home` for their own files.

    Raises:
        StackError: as root, where neither a user namespace nor another user is allowed.
    """
    if os.geteuid():
        return Installation(root, [])
    if _runs(found := Installation(root, _UNSHARE)):
        return found
    return _as_nobody(root, home)


def _as_nobody(root: Path, home: Path) -> Installation:
    """A copy that nobody can reach: the original may lie under /root."""
    home.parent.chmod(0o711)
    os.chown(home, _NOBODY, _NOBODY)
    copy = Installation(home / "install", _SETPRIV)
    shutil.copytree(root, copy.root, symlinks=True)
    if not _runs(copy):
        raise StackError(
            "PostgreSQL refuses to run as root, and here root may neither make a user namespace"
            " (unshare) nor become another user (setpriv): run as an ordinary user"
        )
    return copy


def _runs(candidate: Installation) -> bool:
    try:
        done = subprocess.run(candidate.command("postgres", "--version"), capture_output=True, check=False)
    except FileNotFoundError:  # no util-linux here
        return False
    return done.returncode == 0
