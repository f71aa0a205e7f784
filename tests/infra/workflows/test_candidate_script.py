"""The image of a commit is built, pushed and scanned before it is deployed."""

from tests.infra.support.scan_scripts import DIGEST, HOST, NAME, Script, answer


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
