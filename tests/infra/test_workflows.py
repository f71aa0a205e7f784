import importlib.metadata
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.infra.program import ROOT, tool

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def load(name: str) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text())
    return found


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in load(name)["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize(
    "command",
    [["actionlint"], ["zizmor", "--offline", "--persona=pedantic", ".github"]],
    ids=lambda command: str(command[0]),
)
def test_a_linter_of_workflows_finds_nothing(command: list[str]) -> None:
    done = subprocess.run(
        [tool(command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: str(path.stem))
def test_every_action_is_pinned_by_commit_and_says_its_version(path: Path) -> None:
    uses = re.findall(r"uses: (.*)$", path.read_text(), re.MULTILINE)
    assert uses
    for each in uses:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each), each


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: str(path.stem))
def test_no_workflow_uses_a_stored_key_or_more_leave_than_its_jobs_say(path: Path) -> None:
    text = path.read_text()
    assert "secrets." not in text
    assert not re.search(r"access[-_]key", text, re.IGNORECASE)
    workflow = load(path.name)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"]["contents"] == "read"
        assert job["timeout-minutes"] <= 60


def test_ci_runs_what_a_developer_runs() -> None:
    assert "make test" in [step.get("run") for step in steps("ci.yml")]
    assert set(load("ci.yml")[True]) == {"push", "pull_request"}  # YAML 1.1 reads `on` as true


def test_deployments_of_a_stack_wait_for_one_another_and_are_never_cut_off() -> None:
    assert load("deploy.yml")["concurrency"] == {"group": "deploy-dev", "cancel-in-progress": False}
    assert load("preview.yml")["concurrency"]["cancel-in-progress"] is False


@pytest.mark.parametrize(("name", "command"), [("preview.yml", "preview"), ("deploy.yml", "up")])
def test_pulumi_runs_with_the_policy_pack_and_the_version_of_its_library(name: str, command: str) -> None:
    [pulumi] = [step["with"] for step in steps(name) if step.get("uses", "").startswith("pulumi/actions@")]
    assert pulumi["command"] == command
    assert pulumi["policyPacks"] == "policy"
    assert pulumi["pulumi-version"] == importlib.metadata.version("pulumi")


def test_a_pull_request_can_only_look_and_the_environment_deploys() -> None:
    roles = {
        name: step["with"]["role-to-assume"]
        for name in ("preview.yml", "deploy.yml")
        for step in steps(name)
        if "role-to-assume" in step.get("with", {})
    }
    assert roles == {
        "preview.yml": "${{ vars.AWS_PREVIEW_ROLE }}",
        "deploy.yml": "${{ vars.AWS_DEPLOY_ROLE }}",
    }
    assert load("deploy.yml")["jobs"]["deploy"]["environment"] == "dev"


def test_the_smoke_test_asks_for_an_operation_that_the_function_knows() -> None:
    step = next(step for step in steps("deploy.yml") if "lambda invoke" in step.get("run", ""))
    assert ".outputs.operator_function_name " in step["env"]["FUNCTION"]
    [operation] = re.findall(r'"operation": "(\w+)"', step["run"])
    assert f'case "{operation}":' in (ROOT / "function" / "operations.py").read_text()


def test_dependabot_watches_python_actions_and_the_base_image() -> None:
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())["updates"]
    assert {each["package-ecosystem"] for each in updates} == {"uv", "github-actions", "docker"}
