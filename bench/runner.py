"""Runs figures one after the other, each in a process of its own, and keeps what each came to.

A figure that was measured before, of the same source, is not measured again; one that fails is told of, and the
others go on.
"""

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.plan import Job

_SOURCES = ("function", "local", "bench/handlers", "bench/scans", "bench/quota.py", "uv.lock")


def source_digest(root: Path) -> str:
    """Of all that a figure depends on."""
    digest = hashlib.sha256()
    for each in _SOURCES:
        files = sorted((root / each).rglob("*.py")) if (root / each).is_dir() else [root / each]
        for file in files:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def run(jobs: Iterable[Job], kept: Path, root: Path) -> dict[str, dict[str, Any]]:
    """What each job came to: `{"facts", "rounds", "seconds", "load"}`, or `{"error"}`; by the name of the figure."""
    kept.mkdir(parents=True, exist_ok=True)
    return {job.name: _known(job, kept) or _measured(job, kept, root) for job in jobs}


def _file(job: Job, kept: Path) -> Path:
    return kept / f"{job.name.replace(' ', '-').replace(',', '')}.json"


def _known(job: Job, kept: Path) -> dict[str, Any] | None:
    with contextlib.suppress(FileNotFoundError):
        found: dict[str, Any] = json.loads(_file(job, kept).read_text())
        if found["arguments"] == list(job.arguments):
            return found
    return None


def _measured(job: Job, kept: Path, root: Path) -> dict[str, Any]:
    print(f"{time.strftime('%H:%M:%S')}  {job.name}", end="", flush=True)
    began, load = time.monotonic(), os.getloadavg()[0]
    log = _file(job, kept).with_suffix(".log")
    found = _output(job, log, root)
    found |= {"seconds": round(time.monotonic() - began, 1), "load": load, "arguments": list(job.arguments)}
    if "error" in found:
        print(f"  failed after {found['seconds']} s: {found['error']} (see {log})", flush=True)
    else:
        _file(job, kept).write_text(json.dumps(found))
        print(f"  {found['seconds']} s", flush=True)
    return found


def _output(job: Job, log: Path, root: Path) -> dict[str, Any]:
    """The document that the process prints; its errors go to the log."""
    with (
        log.open("w") as errors,
        subprocess.Popen(
            job.command, stdout=subprocess.PIPE, stderr=errors, cwd=root, text=True, start_new_session=True
        ) as process,
    ):
        try:
            output, _ = process.communicate(timeout=job.seconds)
        except subprocess.TimeoutExpired:
            return {"error": f"not done after {job.seconds:.0f} s"}
        finally:
            if process.poll() is None:  # late, or interrupted from outside
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode:
        said = log.read_text().strip().splitlines() or [f"ended with status {process.returncode}"]
        return {"error": said[-1][:200]}
    document: dict[str, Any] = json.loads(output, parse_float=lambda text: round(float(text), 6))
    return document
