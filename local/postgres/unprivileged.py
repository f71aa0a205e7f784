"""How to run PostgreSQL, which refuses root and users without a name, whoever we are."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from local.errors import StackError

_NOBODY = 65534
# In a user namespace of its own the server takes itself for nobody, while its files stay ours.
_UNSHARE = ["unshare", "--user", "--ipc", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}"]
# In a chroot, and in most containers, no namespace is to be had; there root can become nobody.
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
        StackError: we must be somebody else, and neither a user namespace nor another user is allowed.
    """
    if os.geteuid() and _has_name(os.geteuid()):
        return Installation(root, [])
    if _runs(found := Installation(root, _UNSHARE)):
        return found
    if not os.geteuid() and _runs(found := _as_nobody(root, home)):
        return found
    raise StackError(
        "PostgreSQL runs neither as root nor as a user that is not in /etc/passwd, and here we may neither"
        " make a user namespace (unshare) nor become another user (setpriv): run as an ordinary user"
    )


def _has_name(user: int) -> bool:
    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True


def _as_nobody(root: Path, home: Path) -> Installation:
    """A copy that nobody can reach: the original may lie under /root."""
    home.parent.chmod(0o711)
    os.chown(home, _NOBODY, _NOBODY)
    copy = Installation(home / "install", _SETPRIV)
    shutil.copytree(root, copy.root, symlinks=True)
    return copy


def _runs(candidate: Installation) -> bool:
    try:
        done = subprocess.run(candidate.command("postgres", "--version"), capture_output=True, check=False)
    except FileNotFoundError:  # no util-linux here
        return False
    return done.returncode == 0
