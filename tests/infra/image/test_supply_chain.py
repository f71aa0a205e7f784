"""What the image is made of: where it comes from, under which licences, and what is known against it."""

import importlib.metadata
import json
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.infra.support.program import ROOT
from tests.infra.workflows.test_workflows import load, steps

REQUIREMENTS = ROOT / "function" / "requirements.txt"
LOCKED = re.findall(r"^([\w.-]+)==(\S+)", REQUIREMENTS.read_text(), re.MULTILINE)
ALLOWED = {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "PSF-2.0"}
# what packages write in place of an identifier of SPDX
CLASSIFIERS = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "License :: OSI Approved :: MIT License": "MIT",
}
WORDS = {"Apache License 2.0": "Apache-2.0"}
# A package whose metadata has no licence: the files that it brings say it.
TEXTS = {"Apache License": "Apache-2.0", "Permission is hereby granted, free of charge": "MIT"}


def licences(name: str) -> set[str]:
    """The licences that an installed package declares."""
    found = importlib.metadata.metadata(name)
    if "License-Expression" in found:
        return set(re.split(r" (?:OR|AND) ", found["License-Expression"].strip("()")))
    classifiers = {each for each in found.get_all("Classifier") or [] if each.startswith("License ::")}
    if classifiers:
        return {CLASSIFIERS.get(each, each) for each in classifiers}
    if "License" in found:
        return {WORDS.get(found["License"], found["License"])}
    files = [each for each in importlib.metadata.files(name) or [] if "LICEN" in each.name.upper()]
    texts = [Path(str(each.locate())).read_text() for each in files]
    return {licence for text in texts for mark, licence in TEXTS.items() if mark in text}


@pytest.mark.parametrize("name", [name for name, _ in LOCKED])
def test_everything_that_the_image_installs_has_a_licence_that_is_allowed(name: str) -> None:
    found = licences(name)
    assert found
    assert found <= ALLOWED


def test_everything_that_the_image_installs_is_locked_by_its_hash() -> None:
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*$", "", REQUIREMENTS.read_text()).strip())
    assert len(entries) == len(LOCKED) > 5
    assert all("--hash=sha256:" in each for each in entries)
    assert "--require-hashes" in (ROOT / "Dockerfile").read_text()


def test_the_bill_of_materials_names_what_the_image_installs(tmp_path: Path) -> None:
    command = subprocess.run(
        ["make", "--dry-run", "sbom"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    [export] = [line for line in command.splitlines() if " export " in line]
    out = tmp_path / "sbom.json"
    subprocess.run(shlex.split(export.replace("sbom.json", str(out))), cwd=ROOT, check=True)
    document = json.loads(out.read_text())
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.5")
    assert document["serialNumber"].startswith("urn:uuid:")  # GitHub attests no other
    components = {(each["name"], each["version"]) for each in document["components"]}
    assert components >= set(LOCKED)


def test_a_deployment_keeps_the_bill_of_materials() -> None:
    names = [each.get("run") or each.get("with", {}).get("path") for each in steps("deploy.yml")]
    assert names.index("make sbom") + 1 == names.index("sbom.json")


def test_ci_looks_for_known_vulnerabilities_and_for_keys_in_the_whole_history() -> None:
    job = load("ci.yml")["jobs"]["supply"]
    assert job["steps"][0]["with"]["fetch-depth"] == 0
    runs = [each.get("run", "") for each in job["steps"]]
    assert ".github/scripts/audit.sh" in runs
    [gitleaks] = [each for each in runs if "gitleaks git" in each]
    assert gitleaks.index("sha256sum --check --strict") < gitleaks.index("gitleaks git")


Audit = Callable[[str], subprocess.CompletedProcess[str]]


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    """The script with a list of our own, on the last day of 2026, before a uv that shows its arguments."""
    scripts = tmp_path / "github" / "scripts"
    scripts.mkdir(parents=True)
    script = scripts / "audit.sh"
    for name in ("accepted.sh", "audit.sh"):
        (scripts / name).write_text((ROOT / ".github" / "scripts" / name).read_text())
        (scripts / name).chmod(0o755)
    for name, text in {"uv": 'echo "$@"', "date": "echo 2026-12-31"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)

    def run(accepted: str) -> subprocess.CompletedProcess[str]:
        (scripts.parent / "accepted-vulnerabilities").write_text(accepted)
        environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
        return subprocess.run(
            ["bash", str(script)], capture_output=True, text=True, env=environment, check=False
        )

    return run


def test_an_accepted_vulnerability_is_left_out_until_its_last_day(audit: Audit) -> None:
    done = audit("# why\nCVE-1 2026-12-31 no fix yet\nCVE-2 2026-12-30 no fix yet\n")
    assert done.stdout.split() == [
        *("audit", "--preview-features", "audit", "--locked", "--ignore", "CVE-1"),
    ]
    assert "CVE-2 was accepted until 2026-12-30" in done.stderr


def test_an_accepted_vulnerability_must_have_a_last_day(audit: Audit) -> None:
    assert audit("CVE-1 no fix yet\n").returncode == 2


def test_the_list_of_accepted_vulnerabilities_can_be_read(audit: Audit) -> None:
    assert audit((ROOT / ".github" / "accepted-vulnerabilities").read_text()).returncode == 0
