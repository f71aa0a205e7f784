import importlib.metadata
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.infra.support.program import ROOT, tool

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCRIPTS = [*sorted((ROOT / ".github" / "scripts").glob("*")), ROOT / ".ci" / "run"]


def load(name: str) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text())
    return found


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in load(name)["jobs"].values() for step in job.get("steps", [])]


def jobs_with_a_role() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each job that becomes a role in AWS, and what it asks for."""
    for path in WORKFLOWS:
        for job in load(path.name)["jobs"].values():
            for step in job.get("steps", []):
                if step.get("uses", "").startswith("aws-actions/configure-aws-credentials@"):
                    yield job, step["with"]


@pytest.mark.parametrize(
    "command",
    [
        ["actionlint", "-shellcheck", tool("shellcheck")],
        ["zizmor", "--offline", "--persona=pedantic", ".github"],
        ["shellcheck", *map(str, SCRIPTS)],
    ],
    ids=lambda command: str(command[0]),
)
def test_a_linter_of_workflows_and_scripts_finds_nothing(command: list[str]) -> None:
    done = subprocess.run(
        [tool(command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: str(path.stem))
def test_every_action_is_pinned_by_commit_and_says_its_version(path: Path) -> None:
    uses = re.findall(r"uses: (.*)$", path.read_text(), re.MULTILINE)
    assert uses
    for each in uses:
        own = "./.github/workflows/"  # at the commit that runs
        assert each.startswith(own) or re.fullmatch(
            r"[\w-]+(/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each
        ), each


PERMISSIONS = {
    ("ci.yml", "test"): {"contents": "read"},
    ("ci.yml", "supply"): {"contents": "read"},
    ("ci.yml", "image"): {"contents": "read"},
    ("codeql.yml", "analyse"): {"contents": "read", "security-events": "write"},
    ("scorecard.yml", "analyse"): {"contents": "read", "security-events": "write"},
    ("preview.yml", "preview"): {"contents": "read", "id-token": "write", "pull-requests": "write"},
    ("deploy.yml", "ci"): {"contents": "read"},
    ("deploy.yml", "deploy"): {"attestations": "write", "contents": "read", "id-token": "write"},
    ("drift.yml", "drift"): {"contents": "read", "id-token": "write"},
}


def test_each_job_has_the_permissions_it_needs_and_no_more() -> None:
    found = {
        (path.name, name): job["permissions"]
        for path in WORKFLOWS
        for name, job in load(path.name)["jobs"].items()
    }
    assert found == PERMISSIONS
    assert all(load(path.name)["permissions"] == {} for path in WORKFLOWS)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: str(path.stem))
def test_no_workflow_uses_a_stored_key(path: Path) -> None:
    text = path.read_text()
    assert "secrets" not in text
    assert not re.search(r"access[-_]key", text, re.IGNORECASE)


def test_ci_runs_what_a_developer_runs_for_pull_requests_and_for_deployments() -> None:
    assert "make test" in [step.get("run") for step in steps("ci.yml")]
    assert set(load("ci.yml")[True]) == {"pull_request", "workflow_call"}  # YAML 1.1 reads `on` as true


def test_a_commit_on_main_is_deployed_once_ci_has_succeeded_on_that_very_commit() -> None:
    workflow = load("deploy.yml")
    assert workflow[True] == {"push": {"branches": ["main"]}, "workflow_dispatch": None}
    assert workflow["jobs"]["ci"]["uses"] == "./.github/workflows/ci.yml"
    assert workflow["jobs"]["deploy"]["needs"] == "ci"
    assert "if" not in workflow["jobs"]["deploy"]  # a condition such as always() would run it after a failure
    [checkout] = [
        each for each in steps("deploy.yml") if each.get("uses", "").startswith("actions/checkout@")
    ]
    assert "ref" not in checkout["with"]


def test_deployments_of_a_stack_wait_for_one_another_and_are_never_cut_off() -> None:
    assert load("deploy.yml")["concurrency"] == {"group": "deploy-dev", "cancel-in-progress": False}
    for name in ("preview.yml", "drift.yml"):
        assert load(name)["concurrency"]["cancel-in-progress"] is False
        assert load(name)["concurrency"]["group"] != "deploy-dev"  # a waiting deployment would be dropped


def test_every_job_has_a_limit_and_its_credentials_outlive_it() -> None:
    limits = [
        job["timeout-minutes"]
        for path in WORKFLOWS
        for job in load(path.name)["jobs"].values()
        if "uses" not in job  # its own jobs have theirs
    ]
    assert max(limits) <= 100
    jobs = list(jobs_with_a_role())
    assert len(jobs) == 3
    for job, role in jobs:
        assert role["role-duration-seconds"] > job["timeout-minutes"] * 60


def test_a_deployment_has_time_for_a_database_and_for_the_way_back() -> None:
    assert load("deploy.yml")["jobs"]["deploy"]["timeout-minutes"] >= 90


def test_pulumi_is_the_version_of_its_library() -> None:
    for name in ("preview.yml", "deploy.yml", "drift.yml"):
        [pulumi] = [
            each["with"] for each in steps(name) if each.get("uses", "").startswith("pulumi/actions@")
        ]
        assert pulumi["pulumi-version"] == importlib.metadata.version("pulumi")


def test_pull_requests_are_previewed_with_the_policy_pack() -> None:
    [pulumi] = [
        each["with"] for each in steps("preview.yml") if each.get("uses", "").startswith("pulumi/actions@")
    ]
    assert (pulumi["command"], pulumi["policyPacks"]) == ("preview", "policy")


@pytest.mark.parametrize("name", ["accepted", "audit", "candidate", "deploy", "scan"])
def test_a_script_can_be_run(name: str) -> None:
    assert os.access(ROOT / ".github" / "scripts" / f"{name}.sh", os.X_OK)


def test_drift_is_looked_for_every_week_and_nothing_is_written() -> None:
    assert [set(each) for each in load("drift.yml")[True]["schedule"]] == [{"cron"}]
    assert re.fullmatch(r"\d+ \d+ \* \* [0-6]", load("drift.yml")[True]["schedule"][0]["cron"])
    [compare] = [step["run"] for step in steps("drift.yml") if "pulumi" in step.get("run", "")]
    assert compare.startswith("pulumi preview --stack dev --refresh --expect-no-changes ")
    assert "exit 1" in compare


@pytest.mark.parametrize("name", ["deploy.yml", "drift.yml"])
def test_the_login_to_the_registry_comes_after_the_credentials_and_before_pulumi_runs(name: str) -> None:
    order = [step.get("name") or step.get("uses", "").partition("@")[0] for step in steps(name)]
    login = order.index("Log in to ECR")
    assert order.index("aws-actions/configure-aws-credentials") < login < len(order) - 1
    [first, second] = [
        [step["run"] for step in steps(each) if step.get("name") == "Log in to ECR"]
        for each in ("deploy.yml", "drift.yml")
    ]
    assert first == second
    assert "docker login --username AWS --password-stdin" in steps(name)[login]["run"]


def test_each_workflow_has_a_role_of_its_own_and_the_environment_deploys() -> None:
    roles = {
        path.name: step["with"]["role-to-assume"]
        for path in WORKFLOWS
        for step in steps(path.name)
        if "role-to-assume" in step.get("with", {})
    }
    assert roles == {
        "preview.yml": "${{ vars.AWS_PREVIEW_ROLE }}",
        "deploy.yml": "${{ vars.AWS_DEPLOY_ROLE }}",
        "drift.yml": "${{ vars.AWS_DRIFT_ROLE }}",
    }
    assert load("deploy.yml")["jobs"]["deploy"]["environment"] == "dev"
    assert "environment" not in load("drift.yml")["jobs"]["drift"]


def test_the_document_names_every_variable_that_the_workflows_read() -> None:
    document = (ROOT / "docs" / "deploy.md").read_text()
    for path in WORKFLOWS:
        for name in re.findall(r"vars\.(\w+)", path.read_text()):
            assert f"| `{name}` |" in document, name
