import re

from tests.infra.support.program import ROOT

DOCUMENT = (ROOT / "docs" / "security.md").read_text()


def test_every_test_that_the_threat_model_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", DOCUMENT))
    assert len(named) > 10
    files = (ROOT / "tests").rglob("test_*.py")
    written = {name for path in files for name in re.findall(r"def (test_\w+)\(", path.read_text())}
    assert named - written == set()


def test_whoever_finds_a_hole_is_told_how_to_report_it() -> None:
    assert "docs/security.md" in (ROOT / "SECURITY.md").read_text()
