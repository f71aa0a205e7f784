"""buildah, which makes images and containers without a daemon."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.infra.support.program import ROOT

CACHE = ROOT / ".cache" / "image"
_CERTIFICATES = "/etc/ssl/certs"


def why_not() -> str:
    """Why an image cannot be built here; empty if it can."""
    if os.geteuid() != 0:
        return "building an image takes root"
    missing = [name for name in ("buildah", "debootstrap") if not shutil.which(name)]
    return f"not installed: {', '.join(missing)}" if missing else ""


def uv() -> str:
    """The uv that this project is run with."""
    found = os.environ.get("UV") or shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
    assert Path(found).exists(), "no uv"
    return found


def buildah(*arguments: str | Path) -> str:
    """Run buildah on a store of its own and return what it says."""
    done = subprocess.run(command(*arguments), capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"buildah {arguments[0]}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout.strip()


def command(*arguments: str | Path) -> list[str]:
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


def certificates() -> str:
    """Networks differ in whom they trust to sign for a package index."""
    return f"--volume={_CERTIFICATES}:{_CERTIFICATES}:ro"


def tidy_up() -> None:
    """Remove all but the base: every stack has other authorities, and so makes other layers."""
    for image in buildah(
        "images", "--format", "{{.Name}}:{{.Tag}}", "--filter", "dangling=false"
    ).splitlines():
        if not image.startswith("localhost/base:"):
            buildah("rmi", image)
    buildah("rmi", "--prune", "--force")


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
