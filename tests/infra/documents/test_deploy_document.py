"""The commands of docs/deploy.md up to the first deployment, run by bash, with stand-ins for the programs they call."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cfnlint.decode import cfn_yaml

from infra.configuration.config import Config
from tests.infra.support.formation import TEMPLATE
from tests.infra.support.program import ROOT

SECTIONS = ("Bootstrap: once for each environment", "The first deployment, from your machine", "From GitHub")
# Writes down what it is called with, and answers as the program would.
STAND_IN = """#!/usr/bin/env python3
import json, os, re, sys
name, arguments = os.path.basename(sys.argv[0]), sys.argv[1:]
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps([name, *arguments]) + "\\n")
asked = re.search(r"OutputKey=='(\\w+)'", " ".join(arguments))
if asked:
    print(f"the {asked[1]}")
elif "get-caller-identity" in arguments:
    print("123456789012")
elif "get-login-password" in arguments:
    print("a password")
elif name == "gh" and arguments[0] == "api":
    print(42)
elif name == "docker":
    sys.exit(sys.stdin.read() != "a password\\n")
"""
PROGRAMS = ("aws", "docker", "gh", "git", "make", "pulumi")


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    loaded: dict[str, Any] = cfn_yaml.load(str(TEMPLATE))
    return loaded


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """Every call of a program, in order."""
    folder = tmp_path_factory.mktemp("programs")
    for name in PROGRAMS:
        (folder / name).write_text(STAND_IN)
        (folder / name).chmod(0o755)
    log = folder / "calls.jsonl"
    script = "\n".join(block for section in SECTIONS for block in _blocks(section)[:1])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        env=os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "CALLS": str(log)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in log.read_text().splitlines()]


def _blocks(section: str) -> list[str]:
    text = (ROOT / "docs" / "deploy.md").read_text()
    body = text.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return re.findall(r"^```sh\n(.*?)^```$", body, re.MULTILINE | re.DOTALL)


def _called(calls: list[list[str]], *words: str) -> list[list[str]]:
    return [each for each in calls if each[: len(words)] == list(words)]


def test_the_bootstrap_is_given_every_parameter_that_has_no_default(
    calls: list[list[str]], template: dict[str, Any]
) -> None:
    [deploy] = _called(calls, "aws", "cloudformation", "deploy")
    given = dict(each.split("=", 1) for each in deploy[deploy.index("--parameter-overrides") + 1 :])
    declared = template["Parameters"]
    assert given.keys() <= declared.keys()
    assert {name for name, each in declared.items() if "Default" not in each} <= given.keys()
    assert given["Environment"] == "dev"
    assert given["GitHubRepositoryId"] == "42"
    assert all(given.values())


def test_the_bootstrap_says_that_it_makes_roles_and_where_the_template_is(calls: list[list[str]]) -> None:
    [deploy] = _called(calls, "aws", "cloudformation", "deploy")
    assert deploy[deploy.index("--capabilities") + 1] == "CAPABILITY_IAM"
    assert (ROOT / deploy[deploy.index("--template-file") + 1]).samefile(TEMPLATE)


def test_every_output_that_is_asked_for_is_one_of_the_template(
    calls: list[list[str]], template: dict[str, Any]
) -> None:
    asked = {found for call in calls for found in re.findall(r"OutputKey=='(\w+)'", " ".join(call))}
    assert asked == template["Outputs"].keys()


def test_the_stack_is_made_in_the_state_of_the_bootstrap_before_anything_is_deployed(
    calls: list[list[str]],
) -> None:
    pulumi = _called(calls, "pulumi")
    assert pulumi[0] == ["pulumi", "login", "the BackendUrl"]
    assert pulumi[1] == ["pulumi", "stack", "init", "dev", "--secrets-provider", "the SecretsProvider"]
    assert pulumi[-2:] == [
        ["pulumi", "preview", "--policy-pack", "policy"],
        ["pulumi", "up", "--policy-pack", "policy"],
    ]
    assert calls.index(_called(calls, "aws", "cloudformation", "deploy")[0]) < calls.index(pulumi[0])


def test_docker_is_logged_in_to_the_registry_of_account_and_region_before_pulumi_runs(
    calls: list[list[str]],
) -> None:
    [login] = _called(calls, "docker")
    registry = f"123456789012.dkr.ecr.{_set(calls, 'aws:region')}.amazonaws.com"
    assert login == ["docker", "login", "--username", "AWS", "--password-stdin", registry]
    assert calls.index(login) < calls.index(["pulumi", "preview", "--policy-pack", "policy"])


def test_every_key_that_is_set_is_one_of_the_configuration(calls: list[list[str]]) -> None:
    keys = [each[-2] for each in _called(calls, "pulumi", "config", "set")]
    own = {key.partition("[")[0] for key in keys if ":" not in key}
    assert {"bucketPrefix", "permissionsBoundary"} <= own <= Config.keys()
    assert "aws:region" in keys


def test_buckets_and_region_are_the_same_for_roles_and_stack(calls: list[list[str]]) -> None:
    [deploy] = _called(calls, "aws", "cloudformation", "deploy")
    assert f"BucketPrefix={_set(calls, 'bucketPrefix')}" in deploy
    assert ["gh", "variable", "set", "AWS_REGION", "--body", _set(calls, "aws:region")] in calls


def _set(calls: list[list[str]], key: str) -> str:
    [call] = [each for each in _called(calls, "pulumi", "config", "set") if each[-2] == key]
    return call[-1]


def test_github_is_told_every_variable_that_the_workflows_read(calls: list[list[str]]) -> None:
    told = {each[3]: each[4:] for each in _called(calls, "gh", "variable", "set")}
    read = {
        name
        for path in Path(ROOT / ".github" / "workflows").glob("*.yml")
        for name in re.findall(r"vars\.(\w+)", path.read_text())
    }
    assert read <= told.keys()
    assert told["AWS_DEPLOY_ROLE"] == ["--env", "dev", "--body", "the DeployRole"]
    assert told["AWS_DRIFT_ROLE"] == ["--body", "the DriftRole"]
