"""The deployment waits for ECR's scan of the image, and stops for what it finds."""

from typing import Any

import pytest

from tests.infra.support.scan_scripts import DIGEST, NAME, NOT_YET, WAITING, Run, Script, answer


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
