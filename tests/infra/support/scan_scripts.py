"""The scripts that have ECR scan the image, with programs in the place of aws, docker and pulumi."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.infra.support.program import ACCOUNT, REGION, ROOT

DIGEST = f"sha256:{'c' * 64}"
HOST = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
NAME = "csv-pipeline-dev-0a1b2c3"
OUTPUTS = {"image_uri": f"{HOST}/{NAME}@sha256:{'f' * 64}", "repository_url": f"{HOST}/{NAME}"}

PROGRAM = f"""#!{sys.executable}
import json, os, pathlib, sys
import jmespath

play = pathlib.Path(os.environ["PLAY"])
state = json.loads((play / "state").read_text())
name, *words = pathlib.Path(sys.argv[0]).name, *sys.argv[1:]
state["calls"].append([name, *words])
status = 0
match name, words[:2]:
    case "aws", ["ecr", "describe-image-scan-findings"]:
        answer = state["answers"].pop(0) if len(state["answers"]) > 1 else state["answers"][0]
        if isinstance(answer, str):
            print(answer, file=sys.stderr)
            status = 254
        else:
            found = jmespath.search(words[words.index("--query") + 1], answer)
            rows = found if isinstance(found, list) else [found]
            for row in rows:
                print(*(row if isinstance(row, list) else [row]), sep="\\t")
    case "pulumi", ["stack", "output"]:
        print(json.dumps(state["outputs"], indent=2))
    case "pulumi", ["config", "get"]:
        if words[2] in state["config"]:
            print(state["config"][words[2]])
        else:
            status = 255
    case "docker", ["buildx", "build"]:
        about = {{"containerimage.digest": "{DIGEST}"}}
        pathlib.Path(words[words.index("--metadata-file") + 1]).write_text(json.dumps(about, indent=2))
        status = state["build"]
(play / "state").write_text(json.dumps(state))
sys.exit(status)
"""


def answer(status: str, *findings: tuple[str, str], enhanced: Sequence[tuple[str, str, str]] = ()) -> Any:
    """What ECR says: (name, severity) of basic scanning, (name, severity, fix) of enhanced scanning."""
    found: dict[str, Any] = {
        "findings": [{"name": name, "severity": severity} for name, severity in findings]
    }
    if enhanced:
        found = {
            "enhancedFindings": [
                {
                    "severity": severity,
                    "fixAvailable": fix,
                    "packageVulnerabilityDetails": {"vulnerabilityId": name},
                }
                for name, severity, fix in enhanced
            ]
        }
    return {"imageScanStatus": {"status": status}, "imageScanFindings": found}


NOT_YET = "An error occurred (ScanNotFoundException) when calling the DescribeImageScanFindings operation"
WAITING = {"imageScanStatus": {"status": "IN_PROGRESS"}}


@dataclass(frozen=True)
class Run:
    """What a script did."""

    status: int
    calls: list[list[str]]
    log: str

    def of(self, program: str) -> list[list[str]]:
        return [call[1:] for call in self.calls if call[0] == program]


Script = Callable[..., Run]


def prepared(tmp_path: Path) -> Script:
    """A script of a copy of .github, with a list of accepted vulnerabilities of our own, on the last day of 2026."""
    programs, github = tmp_path / "bin", tmp_path / "tree" / ".github"
    programs.mkdir()
    (github / "scripts").mkdir(parents=True)
    for path in (ROOT / ".github" / "scripts").glob("*.sh"):
        (github / "scripts" / path.name).write_text(path.read_text())
        (github / "scripts" / path.name).chmod(0o755)
    for name, text in {
        **dict.fromkeys(("aws", "docker", "pulumi"), PROGRAM),
        "date": "#!/bin/sh\necho 2026-12-31\n",
    }.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)

    def run(
        *words: str,
        answers: Sequence[Any],
        accepted: str = "",
        outputs: dict[str, str] = OUTPUTS,
        config: dict[str, str] | None = None,
        build: int = 0,
    ) -> Run:
        (github / "accepted-vulnerabilities").write_text(accepted)
        state = tmp_path / "state"
        play = {"answers": answers, "outputs": outputs, "config": config or {}, "build": build, "calls": []}
        state.write_text(json.dumps(play))
        done = subprocess.run(
            [github / "scripts" / words[0], *words[1:]],
            env={"PATH": f"{programs}:{os.environ['PATH']}", "PLAY": str(tmp_path), "SCAN_PAUSE": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Run(done.returncode, json.loads(state.read_text())["calls"], done.stdout)

    return run
