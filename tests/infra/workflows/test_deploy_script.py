"""The script of the deploy workflow, with a program in place of pulumi and uv that notes its calls and ends as told."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.infra.support.deploy_script import FORMER, SCRIPT, Deploy

PIN = f"sha256:{'1' * 64}"
READ = "pulumi stack output --stack dev --json"
UP = "pulumi up --stack dev --yes --non-interactive --policy-pack policy"
SMOKE = "uv run --locked --no-sync pipeline smoke --stack dev"
GO_BACK = [f"pulumi config set --stack dev imageDigest {FORMER}", UP]


def test_a_deployment_is_tried_and_then_it_is_done(deploy: Deploy) -> None:
    run = deploy(up=[0], smoke=[0])
    assert run.status == 0
    assert run.calls == [READ, UP, SMOKE]
    assert run.errors == []
    assert "| pulumi up | succeeded |\n| pipeline smoke | succeeded |\n" in run.summary
    assert run.summary.endswith("\nThis commit runs, and works.\n")


def test_a_failed_update_is_not_tried_and_the_former_image_is_deployed_again(deploy: Deploy) -> None:
    run = deploy(up=[255, 0], smoke=[0])
    assert run.status == 1
    assert run.calls == [READ, UP, *GO_BACK, SMOKE]
    assert run.deployed == ["", FORMER]
    assert "| pulumi up | **failed** with exit status 255 |" in run.summary
    assert "| pulumi up with the former image | succeeded |" in run.summary
    assert "| pipeline smoke after going back | succeeded |" in run.summary
    assert f"The former image {FORMER} runs again, and works." in run.summary
    assert run.errors[0] == "::error title=pulumi up::failed with exit status 255"
    assert run.errors[-1].startswith(
        f"::error title=Deployment to dev failed::The former image {FORMER} runs"
    )


def test_an_image_that_does_not_work_makes_room_for_the_former_one(deploy: Deploy) -> None:
    run = deploy(up=[0, 0], smoke=[1, 0])
    assert run.status == 1
    assert run.calls == [READ, UP, SMOKE, *GO_BACK, SMOKE]
    assert run.deployed == ["", FORMER]
    assert "| pulumi up | succeeded |\n| pipeline smoke | **failed** with exit status 1 |\n" in run.summary
    assert f"The former image {FORMER} runs again, and works." in run.summary
    assert [each.partition("::failed")[0] for each in run.errors[:-1]] == ["::error title=pipeline smoke"]


@pytest.mark.parametrize(
    ("up", "smoke", "verdict"),
    [
        ([0, 0], [1, 1], "runs again, and fails as well: the cause is in the configuration, the account or"),
        ([0, 255], [1, 0], "could not be deployed again, but what runs now works. `pipeline releases` says"),
        ([0, 255], [1, 1], "could not be deployed again, and what runs now does not work."),
        ([255, 255], [0], "could not be deployed again, but what runs now works."),
        ([255, 255], [1], "could not be deployed again, and what runs now does not work."),
        ([255, 0], [1], "runs again, and fails as well:"),
    ],
)
def test_what_runs_is_tried_once_more_and_the_run_says_both_outcomes(
    deploy: Deploy, up: list[int], smoke: list[int], verdict: str
) -> None:
    tried = [SMOKE] if up[0] == 0 else []
    run = deploy(up=list(up), smoke=list(smoke))
    assert run.status == 1
    assert run.calls == [READ, UP, *tried, *GO_BACK, SMOKE]
    outcomes = {
        "pulumi up with the former image": up[1],
        "pipeline smoke after going back": smoke[-1],
    }
    for step, status in outcomes.items():
        outcome = f"**failed** with exit status {status}" if status else "succeeded"
        assert f"| {step} | {outcome} |" in run.summary
        assert any(f"title={step}::" in each for each in run.errors) == bool(status)
    for text in (run.summary, run.errors[-1]):
        assert f"The former image {FORMER} {verdict}" in text


@pytest.mark.parametrize(("up", "smoke", "calls"), [([255], [], [READ, UP]), ([0], [1], [READ, UP, SMOKE])])
@pytest.mark.parametrize("outputs", [{}, {"input_bucket": "example-input"}])
def test_a_first_deployment_has_nothing_to_go_back_to_and_says_so(
    deploy: Deploy, up: list[int], smoke: list[int], calls: list[str], outputs: dict[str, str]
) -> None:
    run = deploy(up=list(up), smoke=list(smoke), outputs=outputs)
    assert run.status == 1
    assert run.calls == calls
    assert "There is no former image to go back to" in run.summary
    assert "There is no former image to go back to" in run.errors[-1]


def test_a_first_deployment_that_works_needs_no_former_image(deploy: Deploy) -> None:
    run = deploy(up=[0], smoke=[0], outputs={})
    assert (run.status, run.calls) == (0, [READ, UP, SMOKE])


def test_outputs_that_cannot_be_read_are_no_first_deployment(deploy: Deploy) -> None:
    run = deploy(up=[], smoke=[], outputs={}, readable=255)
    assert run.status == 1
    assert run.calls == [READ]
    assert "The outputs of the stack cannot be read. Nothing was changed." in run.summary
    assert "The outputs of the stack cannot be read. Nothing was changed." in run.errors[-1]


def test_an_image_that_the_configuration_names_gives_way_to_the_former_one_in_this_checkout_alone(
    deploy: Deploy,
) -> None:
    run = deploy(up=[0, 0], smoke=[1, 0], pin=PIN)
    assert run.deployed == [PIN, FORMER]
    assert "Nothing was committed: the next deployment takes its own commit and configuration." in run.summary


def test_the_log_of_each_step_is_a_group_of_its_own(deploy: Deploy) -> None:
    run = deploy(up=[0, 0], smoke=[1, 0])
    marks = [line for line in run.log.splitlines() if line.startswith(("::group::", "::endgroup::"))]
    steps = [
        "pulumi up",
        "pipeline smoke",
        "pulumi up with the former image",
        "pipeline smoke after going back",
    ]
    assert marks == [mark for step in steps for mark in (f"::group::{step}", "::endgroup::")]


def test_without_the_name_of_a_stack_nothing_is_called(tmp_path: Path) -> None:
    done = subprocess.run(
        [SCRIPT], env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "the name of the stack" in done.stderr
