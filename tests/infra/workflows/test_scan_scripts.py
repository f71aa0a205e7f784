"""The scripts that have ECR look through the image, before programs that stand in for aws, docker and pulumi."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

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
    status: int
    calls: list[list[str]]
    log: str

    def of(self, program: str) -> list[list[str]]:
        return [call[1:] for call in self.calls if call[0] == program]


Script = Callable[..., Run]


@pytest.fixture
def script(tmp_path: Path) -> Script:
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


def scan(script: Script, *answers: Any, accepted: str = "") -> Run:
    return script("scan.sh", NAME, DIGEST, answers=answers, accepted=accepted)


def test_an_image_without_findings_passes(script: Script) -> None:
    run = scan(script, answer("COMPLETE"))
    assert run.status == 0, run.log
    for call in run.calls:
        assert call[:7] == [
            *("aws", "ecr", "describe-image-scan-findings", "--repository-name", NAME),
            *("--image-id", f"imageDigest={DIGEST}"),
        ]


@pytest.mark.parametrize("severity", ["HIGH", "CRITICAL"])
def test_a_grave_finding_stops_the_deployment_and_is_named(script: Script, severity: str) -> None:
    run = scan(script, answer("COMPLETE", ("CVE-1", "LOW"), ("CVE-2", severity)))
    assert run.status == 1
    assert f"::error title=Scan of the image::CVE-2 ({severity}) is in {DIGEST}" in run.log
    assert "CVE-1" not in run.log


@pytest.mark.parametrize("severity", ["INFORMATIONAL", "LOW", "MEDIUM", "UNDEFINED"])
def test_a_finding_that_is_not_grave_passes(script: Script, severity: str) -> None:
    assert scan(script, answer("COMPLETE", ("CVE-1", severity))).status == 0


@pytest.mark.parametrize(("fix", "status"), [("YES", 1), ("PARTIAL", 1), ("NO", 0)])
def test_what_enhanced_scanning_finds_passes_only_without_a_fix(
    script: Script, fix: str, status: int
) -> None:
    assert scan(script, answer("ACTIVE", enhanced=[("CVE-1", "HIGH", fix)])).status == status


def test_a_scan_is_waited_for_from_before_it_begins(script: Script) -> None:
    run = scan(script, NOT_YET, WAITING, WAITING, answer("COMPLETE", ("CVE-1", "HIGH")))
    assert run.status == 1
    assert len(run.calls) == 5


@pytest.mark.parametrize("last", [NOT_YET, WAITING])
def test_a_scan_that_never_ends_stops_the_deployment_in_the_end(script: Script, last: Any) -> None:
    run = scan(script, last)
    assert (run.status, len(run.calls)) == (2, 60)
    assert f"ECR has not scanned {DIGEST} in time" in run.log


@pytest.mark.parametrize("status", ["FAILED", "UNSUPPORTED_IMAGE", "FINDINGS_UNAVAILABLE", "None"])
def test_a_scan_that_failed_is_no_clean_one(script: Script, status: str) -> None:
    run = scan(script, answer(status))
    assert (run.status, len(run.calls)) == (2, 1)
    assert f"ECR could not scan {DIGEST}: {status}" in run.log


def test_findings_that_may_not_be_read_stop_the_deployment(script: Script) -> None:
    run = scan(script, "An error occurred (AccessDeniedException)")
    assert (run.status, len(run.calls)) == (2, 1)
    run = scan(script, answer("COMPLETE"), "An error occurred (ThrottlingException)")
    assert run.status == 2
    assert "ThrottlingException" in run.log


def test_an_accepted_finding_passes_until_its_last_day(script: Script) -> None:
    found = answer("COMPLETE", ("CVE-1", "HIGH"), ("CVE-2", "HIGH"))
    both = "CVE-1 2026-12-31 no way to use it here\nCVE-2 2026-12-30 the same\n"
    run = scan(script, found, accepted=both)
    assert run.status == 1
    assert "CVE-1 (HIGH) is accepted" in run.log
    assert "::CVE-2 (HIGH) is in" in run.log
    assert scan(script, found, accepted=both.replace("12-30", "12-31")).status == 0


def test_an_id_is_accepted_as_a_whole_and_as_it_stands(script: Script) -> None:
    found = answer("COMPLETE", ("CVE-1.", "HIGH"))
    assert scan(script, found, accepted="CVE-1.0 2026-12-31 why\nCVE-10 2026-12-31 why\n").status == 1


def test_a_candidate_is_built_as_one_manifest_pushed_and_scanned(script: Script) -> None:
    run = script("candidate.sh", "dev", answers=[answer("COMPLETE")])
    assert run.status == 0, run.log
    [build] = run.of("docker")
    for option in ("--platform linux/arm64", "--provenance=false", "--push", "SOURCE_DATE_EPOCH=0"):
        assert option in " ".join(build)
    assert build[build.index("--tag") + 1] == f"{HOST}/{NAME}:candidate"
    assert NAME in run.of("aws")[0]
    assert f"imageDigest={DIGEST}" in run.of("aws")[0]


def test_a_candidate_is_for_the_processor_of_the_stack(script: Script) -> None:
    run = script("candidate.sh", "dev", answers=[answer("COMPLETE")], config={"architecture": "x86_64"})
    assert "linux/amd64" in run.of("docker")[0]


def test_a_candidate_with_a_grave_finding_is_the_end_of_it(script: Script) -> None:
    assert script("candidate.sh", "dev", answers=[answer("COMPLETE", ("CVE-1", "HIGH"))]).status == 1


def test_a_candidate_that_cannot_be_built_is_not_scanned(script: Script) -> None:
    run = script("candidate.sh", "dev", answers=[answer("COMPLETE")], build=1)
    assert run.status == 1
    assert run.of("aws") == []


def test_an_image_that_the_configuration_names_is_not_built_again(script: Script) -> None:
    run = script("candidate.sh", "dev", answers=[], config={"imageDigest": DIGEST})
    assert (run.status, run.of("docker"), run.of("aws")) == (0, [], [])


def test_before_the_first_deployment_there_is_nowhere_to_push_to(script: Script) -> None:
    run = script("candidate.sh", "dev", answers=[], outputs={})
    assert (run.status, run.of("docker"), run.of("aws")) == (0, [], [])
    assert "::notice " in run.log
