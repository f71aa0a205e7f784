"""Where the image comes from: scanned, attested, refreshed, and looked at from outside."""

import yaml

from tests.infra.support.program import ROOT
from tests.infra.workflows.test_workflows import load, steps


def test_an_image_is_scanned_then_deployed_by_one_script_and_then_attested() -> None:
    found = steps("deploy.yml")
    runs = [step.get("run", "").strip().rpartition("\n")[2].strip() for step in found]
    assert not any("pulumi up" in each for each in runs)
    deployed = runs.index(".github/scripts/deploy.sh dev")
    assert runs[deployed - 1] == ".github/scripts/candidate.sh dev"
    assert runs[deployed + 1] == '.github/scripts/scan.sh "${repository#*/}" "${image#*@}"'
    assert not any("if" in step or "continue-on-error" in step for step in found[: deployed + 2])
    attested = found[deployed + 2 :]
    assert [step["uses"].partition("@")[0] for step in attested] == ["actions/attest", "actions/attest"]
    subject = {
        "subject-name": "${{ steps.image.outputs.name }}",
        "subject-digest": "${{ steps.image.outputs.digest }}",
    }
    assert [step["with"] for step in attested] == [subject, {**subject, "sbom-path": "sbom.json"}]
    assert found[deployed + 1]["id"] == "image"


def test_an_image_that_another_run_built_is_not_attested_by_this_one() -> None:
    [lookup] = [step["run"] for step in steps("deploy.yml") if step.get("id") == "image"]
    pinned, rest = lookup.split("\n", 1)
    assert "config get imageDigest" in pinned
    assert "exit 0" in pinned
    assert "digest=" in rest
    for step in steps("deploy.yml"):
        if step.get("uses", "").startswith("actions/attest@"):
            assert step["if"].startswith("${{ steps.image.outputs.digest && ")


def test_dependabot_watches_python_actions_and_the_base_image() -> None:
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())["updates"]
    assert {each["package-ecosystem"]: each["schedule"]["interval"] for each in updates} == dict.fromkeys(
        ("uv", "github-actions", "docker"), "weekly"
    )


def test_scorecard_runs_every_week_and_publishes_nothing_beyond_the_repository() -> None:
    assert len(load("scorecard.yml")[True]["schedule"]) == 1
    [run] = [step for step in steps("scorecard.yml") if step["uses"].startswith("ossf/scorecard-action@")]
    assert run["with"]["publish_results"] is False
