"""Builds the Dockerfile with buildah, on a base like AWS's own, and runs the image under AWS's emulator."""

import hashlib
import json
import os
import platform
import re
import signal
import socket
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
from tests.infra.support.base_image import base
from tests.infra.support.buildah import CACHE, buildah, certificates, command, config
from tests.infra.support.program import ROOT

_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
_START_SECONDS = 60.0


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
            certificates(),
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


class Served:
    """The image at work: its own entry point and command, user and environment, and one port."""

    def __init__(self, processes: Processes, name: str, image: str, environment: Mapping[str, str]):
        self.address, runtime_api = _free_address(), _free_address()
        self._log = processes.log
        own = config(image)
        variables = {**environment, "EMULATOR_ADDRESS": self.address, "RUNTIME_API_ADDRESS": runtime_api}
        processes.start(
            command(
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


def checkout(tree: Path, umask: int) -> Path:
    """What the image is made of, as a checkout with that umask leaves it."""
    before = os.umask(umask)
    try:
        for source in (ROOT / "Dockerfile", ROOT / ".dockerignore", *(ROOT / "function").rglob("*")):
            if source.is_file() and "__pycache__" not in source.parts:
                copy = tree / source.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(source.read_bytes())
    finally:
        os.umask(before)
    return tree
