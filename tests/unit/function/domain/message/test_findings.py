from function.domain.findings import Finding
from function.domain.message.findings import TITLES, title


def test_every_finding_has_a_title() -> None:
    assert TITLES.keys() == set(Finding)


def test_no_two_findings_are_named_alike() -> None:
    assert len(set(TITLES.values())) == len(TITLES)


def test_a_finding_of_a_newer_release_is_named_by_its_code() -> None:
    assert title("upside_down") == "upside down"
