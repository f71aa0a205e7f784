import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.infra.support import scan_scripts
from tests.infra.support.deploy_script import OUTPUTS, PROGRAM, SCRIPT, Deploy, Run


@pytest.fixture
def deploy(tmp_path: Path) -> Deploy:
    programs, state, summary = tmp_path / "bin", tmp_path / "state", tmp_path / "summary.md"
    programs.mkdir()
    for name in ("pulumi", "uv"):
        (programs / name).write_text(PROGRAM)
        (programs / name).chmod(0o755)

    def run(
        up: Sequence[int],
        smoke: Sequence[int],
        outputs: Mapping[str, str] = OUTPUTS,
        readable: int = 0,
        pin: str = "",
    ) -> Run:
        play = {"outputs": outputs, "readable": readable, "up": up, "smoke": smoke, "imageDigest": pin}
        state.write_text(json.dumps({**play, "calls": [], "deployed": []}))
        path = f"{programs}:{os.environ['PATH']}"
        done = subprocess.run(
            [SCRIPT, "dev"],
            cwd=tmp_path,
            env={"PATH": path, "PLAY": str(tmp_path), "GITHUB_STEP_SUMMARY": str(summary)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        after = json.loads(state.read_text())
        assert (after["up"], after["smoke"]) == ([], []), "not all that was to be called was called"
        return Run(
            status=done.returncode,
            calls=after["calls"],
            deployed=after["deployed"],
            errors=[line for line in done.stdout.splitlines() if line.startswith("::error ")],
            log=done.stdout,
            summary=summary.read_text(),
        )

    return run


@pytest.fixture
def script(tmp_path: Path) -> scan_scripts.Script:
    return scan_scripts.prepared(tmp_path)
